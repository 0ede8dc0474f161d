// Package graceful serves HTTP until it is told to stop, and then without cutting anybody off.
package graceful

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// Server wraps an http.Server. Readiness turns to 503 first, so that a load balancer stops sending; only then are
// connections closed, the idle ones at once and the busy ones when their answer is out.
type Server struct {
	*http.Server
	// Drain is how long to go on serving after readiness is gone: longer than the balancer's probe interval.
	Drain time.Duration
	// Grace is how long running requests may take after that. What is left then is cut.
	Grace time.Duration
	// Closers run last, in order: databases, queues, files.
	Closers []func(context.Context) error

	stopping atomic.Bool
}

// Ready is the handler for the readiness probe. Liveness is another question: a draining process is alive.
func (s *Server) Ready(w http.ResponseWriter, _ *http.Request) {
	if s.stopping.Load() {
		http.Error(w, "stopping", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// Run serves on the listener until SIGINT, SIGTERM or the end of ctx. A second signal ends the process at once. It
// returns nil after an orderly end.
func (s *Server) Run(ctx context.Context, listener net.Listener) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()

	failed := make(chan error, 1)
	go func() { failed <- s.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	// From here on a signal has its usual meaning again.
	stop()
	s.stopping.Store(true)
	time.Sleep(s.Drain)

	// A context of its own: the one that ended us has ended.
	grace, cancel := context.WithTimeout(context.Background(), s.Grace)
	defer cancel()
	err := s.Shutdown(grace)
	if errors.Is(err, context.DeadlineExceeded) {
		// Hijacked connections (WebSockets) are nobody's but their handlers'.
		s.Close()
	}
	for _, close := range s.Closers {
		if closing := close(grace); err == nil {
			err = closing
		}
	}
	if serving := <-failed; err == nil && !errors.Is(serving, http.ErrServerClosed) {
		err = serving
	}
	return err
}
