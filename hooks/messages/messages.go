// Package messages is the one catalogue of what people read: pages, letters, faults and commands, in English and Spanish.
//
// The files are {en,es}/<noun>.json in go-i18n's format with flat keys; the page imports the very same files.
package messages

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"kinward/hooks/clinic"
)

//go:embed en/*.json es/*.json
var files embed.FS

var localizers = load()

func load() map[string]*i18n.Localizer {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	for _, lang := range clinic.Languages {
		names, err := fs.Glob(files, lang+"/*.json")
		if err != nil {
			panic(err)
		}
		for _, name := range names {
			text, err := files.ReadFile(name)
			if err != nil {
				panic(err)
			}
			// go-i18n reads the language from the file's name: noun.en.json.
			as := strings.TrimSuffix(path.Base(name), ".json") + "." + lang + ".json"
			if _, err := bundle.ParseMessageFileBytes(text, as); err != nil {
				panic(name + ": " + err.Error())
			}
		}
	}
	out := map[string]*i18n.Localizer{}
	for _, lang := range clinic.Languages {
		out[lang] = i18n.NewLocalizer(bundle, lang, clinic.DefaultLanguage)
	}
	return out
}

// Say returns the sentence for key in a language, with its parameters filled in; params may be nil, and params["count"]
// chooses the plural. A language that is not spoken falls back to English, a key that is not there to itself.
func Say(lang, key string, params map[string]any) string {
	localizer, ok := localizers[lang]
	if !ok {
		localizer = localizers[clinic.DefaultLanguage]
	}
	text, err := localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: params, PluralCount: params["count"]})
	if err != nil && text == "" {
		return key
	}
	return text
}

// Choose returns the language to speak: the first wish (as in an Accept-Language header, RFC 9110 section 12.5.4) that is
// spoken, else the fallback.
func Choose(wishes, fallback string) string {
	tags, _, err := language.ParseAcceptLanguage(wishes)
	if err != nil {
		return fallback
	}
	for _, tag := range tags {
		base, _ := tag.Base()
		if _, ok := localizers[base.String()]; ok {
			return base.String()
		}
	}
	return fallback
}
