package post_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// perOp reports processor time, which a busy machine distorts less than time on the wall.
func perOp(b *testing.B, work func()) {
	b.Helper()
	b.ReportAllocs()
	b.ResetTimer()
	before := processorTime(b)
	for range b.N {
		work()
	}
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

func processorTime(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func ask(b *testing.B, h http.Handler, who *hookstest.Client, method, path, body string, want int) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, clinic.APIPrefix+path, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+who.Token)
	request.Header.Set("Content-Type", "application/json")
	if method == "POST" {
		request.Header.Set("Idempotency-Key", hookstest.Key().Get("Idempotency-Key"))
	}
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	if answer.Code != want {
		b.Fatalf("%s %s: %d %s", method, path, answer.Code, answer.Body)
	}
	return answer
}

const words = `I have had **stiff hands** in the morning for about two years now, and the new treatment helps a little.

- warm water before breakfast
- a short walk
- [this leaflet](https://example.org/hands)

Does anyone else find that the second week is the hardest? My nurse said to keep a diary, and I do, but it is not easy to say what changed.`

func filled(b *testing.B) (*hookstest.Clinic, *hookstest.Client, *hookstest.Client, string, string, http.Handler) {
	c := hookstest.New(b)
	lead, patient := c.Provider(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	h := c.Handler
	var last string
	for i := range 40 {
		answer := ask(b, h, patient, "POST", "/communities/"+id+"/posts", fmt.Sprintf(`{"kind":"discussion","title":"Post %d","body":%q}`, i, words), 201)
		last = hookstest.Into[entry](&hookstest.Response{Body: answer.Body.Bytes()}).ID
	}
	for range 31 {
		ask(b, h, patient, "POST", "/posts/"+last+"/comments", fmt.Sprintf(`{"body":%q}`, words[:200]), 201)
	}
	return c, lead, patient, id, last, h
}

func BenchmarkCreate(b *testing.B) {
	_, lead, _, id, _, h := filled(b)
	body := fmt.Sprintf(`{"kind":"discussion","title":"Post","body":%q}`, words)
	perOp(b, func() { ask(b, h, lead, "POST", "/communities/"+id+"/posts", body, 201) })
}

func BenchmarkFeed(b *testing.B) {
	_, lead, _, id, _, h := filled(b)
	perOp(b, func() { ask(b, h, lead, "GET", "/communities/"+id+"/posts", "", 200) })
}

func BenchmarkThread(b *testing.B) {
	_, lead, _, _, post, h := filled(b)
	perOp(b, func() { ask(b, h, lead, "GET", "/posts/"+post, "", 200) })
}

func BenchmarkFeedFurther(b *testing.B) {
	_, lead, _, id, _, h := filled(b)
	first := ask(b, h, lead, "GET", "/communities/"+id+"/posts", "", 200)
	next := hookstest.Into[page[entry]](&hookstest.Response{Body: first.Body.Bytes()}).Next
	perOp(b, func() { ask(b, h, lead, "GET", "/communities/"+id+"/posts?before="+*next, "", 200) })
}
