package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"kinward/hooks/access"
	"kinward/hooks/mails"
	"kinward/hooks/practice"
)

func serve(s *shell) *cobra.Command {
	var d doors
	cmd := &cobra.Command{
		Use:   "serve [DOMAIN…]",
		Short: "Start the server",
		Long: `Start the server. With a domain it listens on ports 80 and 443 and gets its certificate by itself; without one it
answers at http://127.0.0.1:8090, for a try or behind a proxy.`,
		Example: `  kinward serve community.example.org
  kinward serve
  kinward serve --public-url https://community.example.org --trusted-proxy 127.0.0.1
  kinward serve community.example.org --tls-cert cert.pem --tls-key key.pem`,
		RunE: func(cmd *cobra.Command, domains []string) (err error) {
			if len(domains) == 0 {
				domains = strings.FieldsFunc(os.Getenv("KINWARD_DOMAIN"), func(r rune) bool { return r == ',' || r == ' ' })
			}
			d.domains = domains
			if _, err := mails.ParseRelay(s.relay); err != nil {
				return fmt.Errorf("KINWARD_RELAY: %w", err)
			}
			if _, err := mails.ParseFrom(os.Getenv("KINWARD_MAIL_FROM")); err != nil {
				return fmt.Errorf("KINWARD_MAIL_FROM: %w", err)
			}
			o, err := s.open(false)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, o.close()) }()
			p, err := d.plan(o.Dir)
			if err != nil {
				return err
			}
			server := &server{opened: o, plan: p, out: cmd.OutOrStdout(), relay: mails.RelaySetting(o.app, o.Relay)}
			server.ready = func() { sayWhatIsNext(cmd.OutOrStdout(), o.house) }
			hangUp := make(chan os.Signal, 1)
			signal.Notify(hangUp, syscall.SIGHUP)
			defer signal.Stop(hangUp)
			return server.run(cmd.Context(), hangUp)
		},
	}
	d.flags(cmd)
	return cmd
}

func (d *doors) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&d.http, "http", "", "address for plain HTTP; with a domain it only redirects and answers the certificate authority. "+
		"Default :80 with a domain, else 127.0.0.1:8090; \"off\" for none")
	f.StringVar(&d.https, "https", "", "address for HTTPS. Default :443 with a domain or a certificate of your own")
	f.StringVar(&d.publicURL, "public-url", "", "what people type, and what links in letters begin with. Default: what the practice has set, else the first domain, else the address served")
	f.StringSliceVar(&d.proxies, "trusted-proxy", nil, "address or network of a proxy whose X-Forwarded-For is believed; may be repeated")
	f.StringSliceVar(&d.operators, "operator", nil, "address or network from which the dashboard may be used, beside this machine; may be repeated")
	f.StringVar(&d.acmeCA, "acme-ca", "", "directory URL of the certificate authority. Default: Let's Encrypt")
	f.StringVar(&d.acmeRoot, "acme-root", "", "PEM file with the root of a certificate authority of your own")
	f.StringVar(&d.acmeEmail, "acme-email", "", "address that the certificate authority may write to")
	f.StringVar(&d.tlsCert, "tls-cert", "", "certificate of your own with its chain, a PEM file; read again when it changes")
	f.StringVar(&d.tlsKey, "tls-key", "", "its private key, a PEM file")
	f.StringVar(&d.accessLog, "access-log", "", "file for one line a request, without query, body or address; \"-\" for standard error. Default: none")
}

// sayWhatIsNext prints the link to the set-up while the practice is not set up.
func sayWhatIsNext(out io.Writer, house *access.House) {
	if link := practice.SetUpLink(house); link != "" {
		fmt.Fprintf(out, "\nThis practice is not set up yet. Open this link once, on this or another machine:\n\n  %s\n\n", link)
	}
}
