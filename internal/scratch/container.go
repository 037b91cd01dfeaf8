package scratch

import (
	"context"
	"errors"
	"fmt"
	"net"
	neturl "net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/log"
	"github.com/testcontainers/testcontainers-go/wait"
)

// dockerAnswers reports within half a second whether a Docker engine listens where DOCKER_HOST
// says, or at one of the usual sockets.
func dockerAnswers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
	defer cancel()
	for _, address := range dockerAddresses() {
		conn, err := new(net.Dialer).DialContext(ctx, address.network, address.address)
		if err == nil {
			conn.Close()
			return true
		}
	}
	return false
}

type dockerAddress struct{ network, address string }

func dockerAddresses() []dockerAddress {
	if host := os.Getenv("DOCKER_HOST"); host != "" {
		u, err := neturl.Parse(host)
		switch {
		case err != nil:
			return nil
		case u.Scheme == "unix":
			return []dockerAddress{{"unix", u.Path}}
		}
		return []dockerAddress{{"tcp", u.Host}}
	}
	sockets := []string{"/var/run/docker.sock"}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		sockets = append(sockets, filepath.Join(dir, "docker.sock"))
	}
	if home, err := os.UserHomeDir(); err == nil {
		sockets = append(sockets, filepath.Join(home, ".docker/run/docker.sock"))
	}
	var addresses []dockerAddress
	for _, socket := range sockets {
		addresses = append(addresses, dockerAddress{"unix", socket})
	}
	return addresses
}

// container is a server that a Docker engine runs.
type container struct{ testcontainers.Container }

// runContainer starts a server from its image and waits until it answers.
func runContainer(ctx context.Context, e engine, o Options) (*Server, error) {
	img := e.image(o)
	c, err := testcontainers.Run(ctx, img.ref,
		testcontainers.WithLogger(log.NewNoopLogger()),
		testcontainers.WithEnv(img.env),
		testcontainers.WithCmd(img.args...),
		testcontainers.WithExposedPorts(img.port),
		testcontainers.WithWaitStrategyAndDeadline(2*time.Minute, wait.ForListeningPort(img.port)),
	)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting a container of %s: %w", img.ref, err), testcontainers.TerminateContainer(c))
	}
	s := &Server{engine: e, backend: container{c}}
	if err := s.connectTo(ctx, c, img); err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to a container of %s: %w", img.ref, err), s.stop())
	}
	return s, nil
}

// connectTo fills in where the container's server is, and waits for it: the image opens the port
// for a moment while it initializes, so that an open port is not yet a server.
func (s *Server) connectTo(ctx context.Context, c testcontainers.Container, img image) error {
	endpoint, err := c.PortEndpoint(ctx, img.port, "")
	if err != nil {
		return err
	}
	host, portText, err := net.SplitHostPort(endpoint)
	if err != nil {
		return err
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return err
	}
	s.admin = s.engine.url(host, port)
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	poll := time.NewTicker(100 * time.Millisecond)
	defer poll.Stop()
	for {
		id, err := s.engine.ping(ctx, s.admin)
		if err == nil {
			s.release = id.release
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(context.Cause(ctx), err)
		case <-poll.C:
		}
	}
}

func (c container) stop() error { return testcontainers.TerminateContainer(c.Container) }

// A container that starts again may get another port.
func (container) restart(context.Context, Mode) error { return errors.ErrUnsupported }

func (container) outlives() bool { return false }
