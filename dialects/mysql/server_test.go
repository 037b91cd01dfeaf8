package mysql

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/segue-db/segue/dialects"
	"github.com/segue-db/segue/internal/scratch"
)

func serverTest(t *testing.T, d *Database, q dialects.Queryer) dialects.Server {
	t.Helper()
	s, err := d.Server(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServer(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			server := own[kind](t)
			d := openAt(t, server.Database(t))
			if got := d.Dialect().Kind(); got != kind {
				t.Errorf("before any session the dialect is %s", got)
			}
			s := sessionTest(t, d)
			got := serverTest(t, d, s)
			if got.Version.Kind != kind || got.Version.Major != server.Major() || d.dialect().Server != got.Version {
				t.Errorf("version %v", got.Version)
			}
			if got.Database != d.config.DBName || got.User != "root@localhost" || got.Host != d.config.Addr {
				t.Errorf("%+v", got)
			}
			if got.ReadOnly || got.Pooled || got.Flavour != "" {
				t.Errorf("%+v", got)
			}
			other := openAt(t, server.Database(t))
			if serverTest(t, other, sessionTest(t, other)).Identity == got.Identity {
				t.Errorf("two databases share the identity %q", got.Identity)
			}
			if err := server.Restart(t.Context(), scratch.Immediate); err != nil {
				t.Fatal(err)
			}
			s = sessionTest(t, d)
			if again := serverTest(t, d, s); again.Identity != got.Identity {
				t.Errorf("identity %q, then %q", got.Identity, again.Identity)
			}
			runScript(t, s, `SET GLOBAL read_only = ON`)
			if !serverTest(t, d, s).ReadOnly {
				t.Error("a read-only server was not noticed")
			}
		})
	}
}

// Where the server could not be asked MySQL is assumed, and nothing may go on with that on MariaDB.
func TestAssumedDialectIsHeldAgainstTheServer(t *testing.T) {
	for _, kind := range []dialects.Kind{dialects.MySQL, dialects.MariaDB} {
		t.Run(string(kind), func(t *testing.T) {
			d := openAt(t, shared[kind](t).Database(t))
			config := d.config
			d.config = config.Clone()
			d.config.Addr = "127.0.0.1:1"
			if got := d.Dialect().Kind(); got != dialects.MySQL {
				t.Errorf("assumed %s", got)
			}
			d.config = config
			_, err := d.Session(t.Context())
			if wrong := kind == dialects.MariaDB; (err != nil) != wrong {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestReadVersion(t *testing.T) {
	for text, want := range map[string]dialects.Version{
		"9.7.4-2":                        {Kind: dialects.MySQL, Major: 9, Minor: 7, Patch: 4},
		"8.0.36-28":                      {Kind: dialects.MySQL, Major: 8, Minor: 0, Patch: 36},
		"26.7.0":                         {Kind: dialects.MySQL, Major: 26, Minor: 7},
		"8.0.mysql_aurora.3.05.2":        {Kind: dialects.MySQL, Major: 8, Minor: 0},
		"10.11.19-MariaDB-0+deb12u1-log": {Kind: dialects.MariaDB, Major: 10, Minor: 11, Patch: 19},
		"5.5.5-10.6.12-MariaDB":          {Kind: dialects.MariaDB, Major: 10, Minor: 6, Patch: 12},
	} {
		if got, err := readVersion(text); got != want || err != nil {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	if v, err := readVersion("unknown"); err == nil {
		t.Errorf("%+v", v)
	}
}

// A proxy greets with an id of its own. One that hands statements of a client to whatever session is
// free cannot be had here; the proxy below, which changes no more than the greeting, is a session
// pool to segue.
func TestProxyIsProbed(t *testing.T) {
	onBoth(t, func(t *testing.T, d *Database) {
		config := d.config.Clone()
		config.Addr = greetingProxy(t, d.config.Addr)
		config.TLSConfig = "false"
		proxied := &Database{config: config}
		s := sessionTest(t, proxied)
		if greeted, ok := s.conn.greeting.session(); !ok || greeted != proxiedID {
			t.Fatalf("the greeting's id is %d, %v", greeted, ok)
		}
		if serverTest(t, proxied, s).Pooled {
			t.Error("a proxy with a session for each client was taken for a transaction pool")
		}
		direct := sessionTest(t, d)
		if greeted, ok := direct.conn.greeting.session(); !ok || greeted != uint32(direct.conn.id) {
			t.Errorf("the greeting's id is %d (%v) and the server's %d", greeted, ok, direct.conn.id)
		}
	})
}

const proxiedID = 4_000_000_000

// greetingProxy passes everything on, but for the session's id in the greeting.
func greetingProxy(t *testing.T, server string) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go proxy(client, server)
		}
	}()
	return listener.Addr().String()
}

func proxy(client net.Conn, server string) {
	defer client.Close()
	upstream, err := new(net.Dialer).DialContext(context.Background(), "tcp", server)
	if err != nil {
		return
	}
	defer upstream.Close()
	header := make([]byte, 4)
	if _, err := io.ReadFull(upstream, header); err != nil {
		return
	}
	packet := make([]byte, int(header[0])|int(header[1])<<8)
	if _, err := io.ReadFull(upstream, packet); err != nil {
		return
	}
	binary.LittleEndian.PutUint32(packet[strings.IndexByte(string(packet), 0)+1:], proxiedID)
	if _, err := client.Write(append(header, packet...)); err != nil {
		return
	}
	go func() {
		_, _ = io.Copy(upstream, client)
		upstream.Close()
	}()
	_, _ = io.Copy(client, upstream)
}

func TestFlavour(t *testing.T) {
	for version, want := range map[string]dialects.Flavour{
		"8.0.30-Vitess": dialects.Vitess, "8.0.11-TiDB-v7.5.0": dialects.TiDB,
	} {
		if got, err := flavour(t.Context(), nil, version, ""); got != want || err != nil {
			t.Errorf("%s: %q, %v", version, got, err)
		}
	}
}
