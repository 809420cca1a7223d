package mails

import (
	"html/template"
	"strings"

	"kinward/hooks/messages"
)

// foot is what stands under every letter: who it is from, how to reach a person, and where the policies hang.
func foot(l Letter, head letterhead) []string {
	lines := []string{messages.Say(l.Language, "mails.foot.from", map[string]any{"practice": oneLine(head.name, 120)})}
	if phone := oneLine(head.phone, 40); phone != "" {
		lines = append(lines, messages.Say(l.Language, "mails.foot.phone", map[string]any{"phone": phone}))
	}
	return lines
}

// layoutText is the letter for a reader of plain text. The link stands alone on its line, so that every program finds its end.
func layoutText(l Letter, head letterhead) string {
	blocks := []string{oneLine(l.Heading, 200)}
	for _, p := range l.Paragraphs {
		blocks = append(blocks, oneLine(p, 4000))
	}
	if l.Action != nil {
		blocks = append(blocks, oneLine(l.Action.Label, 100)+":\n"+l.Action.Link)
	}
	for _, n := range l.Notes {
		blocks = append(blocks, oneLine(n, 4000))
	}
	last := append([]string{"----"}, foot(l, head)...)
	if link := head.policies(); link != "" {
		last = append(last, messages.Say(l.Language, "mails.foot.policies", nil)+": "+link)
	}
	if l.Unsubscribe != "" {
		last = append(last, messages.Say(l.Language, "mails.foot.stop", nil)+": "+l.Unsubscribe)
	}
	return strings.Join(append(blocks, strings.Join(last, "\n")), "\n\n") + "\n"
}

// layoutHTML is the letter for everybody else.
func layoutHTML(l Letter, head letterhead) (string, error) {
	page := struct {
		Letter
		Head, HeadingLine, OrCopy, PoliciesLabel, Policies, StopLabel string
		Foot                                                          []string
	}{
		Letter: l, Head: oneLine(head.name, 120), HeadingLine: oneLine(l.Heading, 200),
		OrCopy:        messages.Say(l.Language, "mails.layout.copy", nil),
		PoliciesLabel: messages.Say(l.Language, "mails.foot.policies", nil), Policies: head.policies(),
		StopLabel: messages.Say(l.Language, "mails.foot.stop", nil),
		Foot:      foot(l, head),
	}
	page.Paragraphs, page.Notes = lines(l.Paragraphs), lines(l.Notes)
	var out strings.Builder
	err := layout.Execute(&out, page)
	return out.String(), err
}

func lines(texts []string) []string {
	out := make([]string, len(texts))
	for i, text := range texts {
		out[i] = oneLine(text, 4000)
	}
	return out
}

// layout has its styles in the elements, because many readers drop a style sheet; the one sheet there is only turns the
// colours for those who read in the dark. There is no picture, nothing is fetched, and a screen reader hears a heading,
// paragraphs, one link that says where it leads, and a foot. Colours have a contrast of at least 7:1 on their ground.
var layout = template.Must(template.New("letter").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{{.HeadingLine}}</title>
<style>
@media (prefers-color-scheme: dark) {
.ground { background: #161b1d !important }
.sheet { background: #20282a !important; border-color: #3a4649 !important }
.ink { color: #eef2f1 !important }
.soft { color: #c3cecb !important }
.link { color: #9bdcd0 !important }
.rule { border-color: #3a4649 !important }
.button { background: #9bdcd0 !important }
.button a { color: #0d2b26 !important }
}
</style>
</head>
<body class="ground" style="margin:0;padding:0;background:#f4f1ec">
<div class="ground" style="padding:24px 12px;background:#f4f1ec">
<div class="sheet" role="article" aria-label="{{.HeadingLine}}" style="max-width:560px;margin:0 auto;padding:28px 24px;background:#ffffff;border:1px solid #ded8ce;border-radius:12px;font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<p class="soft" style="margin:0 0 20px;font-size:16px;line-height:1.5;color:#4a5553">{{.Head}}</p>
<h1 class="ink" style="margin:0 0 20px;font-size:26px;line-height:1.3;font-weight:650;color:#1d2625">{{.HeadingLine}}</h1>
{{- range .Paragraphs}}
<p class="ink" style="margin:0 0 18px;font-size:18px;line-height:1.6;color:#1d2625">{{.}}</p>
{{- end}}
{{- with .Action}}
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:26px 0 22px"><tr><td class="button" style="background:#0f5c50;border-radius:10px">
<a href="{{.Link}}" style="display:inline-block;padding:15px 28px;font-size:19px;line-height:1.3;font-weight:600;color:#ffffff;text-decoration:none">{{.Label}}</a>
</td></tr></table>
<p class="soft" style="margin:0 0 4px;font-size:16px;line-height:1.5;color:#4a5553">{{$.OrCopy}}</p>
<p class="link" style="margin:0 0 22px;font-size:16px;line-height:1.5;color:#0f5c50;word-break:break-all">{{.Link}}</p>
{{- end}}
{{- range .Notes}}
<p class="soft" style="margin:0 0 14px;font-size:16px;line-height:1.6;color:#4a5553">{{.}}</p>
{{- end}}
<hr class="rule" style="margin:26px 0 18px;border:0;border-top:1px solid #ded8ce">
{{- range .Foot}}
<p class="soft" style="margin:0 0 6px;font-size:15px;line-height:1.5;color:#4a5553">{{.}}</p>
{{- end}}
{{- if .Policies}}
<p style="margin:0;font-size:15px;line-height:1.5"><a class="link" href="{{.Policies}}" style="color:#0f5c50">{{.PoliciesLabel}}</a></p>
{{- end}}
{{- if .Unsubscribe}}
<p style="margin:6px 0 0;font-size:15px;line-height:1.5"><a class="link" href="{{.Unsubscribe}}" style="color:#0f5c50">{{.StopLabel}}</a></p>
{{- end}}
</div>
</div>
</body>
</html>
`))
