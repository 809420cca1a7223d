package markdown_test

import (
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

const shortPost = `Has anyone else been told to take it *with* food? My nurse said so, the leaflet did not.

- morning: fine
- evening: **not so fine**

I found [this page](https://www.example.org/with-food) helpful.`

// BenchmarkRender renders what people write: a comment, a post with a list and a link, and one as long as may be.
func BenchmarkRender(b *testing.B) {
	long := strings.Repeat(shortPost+"\n\n", clinic.MaxPostBytes/len(shortPost)-1)
	for name, source := range map[string]string{"comment": "Thank you, that helped me a lot!", "post": shortPost, "longest": long} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(source)))
			b.ReportAllocs()
			for b.Loop() {
				markdown.Render(source)
			}
		})
	}
}
