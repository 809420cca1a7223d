package messages

import (
	"fmt"
	"time"
)

var monthNames = map[string][12]string{
	"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
}

// Day writes a day out in a language, so that no reader takes the month for the day.
func Day(t time.Time, lang string) string {
	if months, ok := monthNames[lang]; ok {
		return fmt.Sprintf("%d de %s de %d", t.Day(), months[t.Month()-1], t.Year())
	}
	return t.Format("January 2, 2006")
}
