package autotls

import (
	"context"
	"log/slog"

	"go.uber.org/zap/zapcore"
)

// quiet passes certmagic's warnings and errors on to slog as detail for whoever looks deeper; what an operator must
// know is logged by this package itself, in sentences. It drops the rest, which names the addresses of callers.
type quiet struct {
	log    *slog.Logger
	fields []zapcore.Field
}

var _ zapcore.Core = quiet{}

// Enabled reports whether a line of this level is passed on.
func (quiet) Enabled(level zapcore.Level) bool { return level >= zapcore.WarnLevel }

// With returns a core that adds fields to each line.
func (q quiet) With(fields []zapcore.Field) zapcore.Core {
	return quiet{q.log, append(q.fields[:len(q.fields):len(q.fields)], fields...)}
}

// Check registers the core for a line that it passes on.
func (q quiet) Check(entry zapcore.Entry, checked *zapcore.CheckedEntry) *zapcore.CheckedEntry {
	if q.Enabled(entry.Level) {
		return checked.AddCore(entry, q)
	}
	return checked
}

// Write passes one line on, at debug level: our own sentence says the same at the level it deserves.
func (q quiet) Write(entry zapcore.Entry, fields []zapcore.Field) error {
	encoder := zapcore.NewMapObjectEncoder()
	for _, field := range append(q.fields[:len(q.fields):len(q.fields)], fields...) {
		field.AddTo(encoder)
	}
	attributes := make([]any, 0, 2*len(encoder.Fields))
	for name, value := range encoder.Fields {
		if name != "remote" && name != "remote_addr" && name != "remote_ip" {
			attributes = append(attributes, name, value)
		}
	}
	q.log.Log(context.Background(), slog.LevelDebug, "certificates: "+entry.Message, attributes...)
	return nil
}

// Sync has nothing to flush.
func (quiet) Sync() error { return nil }
