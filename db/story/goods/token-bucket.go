// Package bucket limits rates with token buckets, one a key, safe for concurrent use.
package bucket

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"
)

// ErrNever is returned by Wait for more tokens than a bucket can ever hold.
var ErrNever = errors.New("bucket: more tokens asked for than the burst allows")

// Limiter holds a bucket for every key it has met. A bucket fills at Rate tokens a second up to Burst; a new one is full.
type Limiter struct {
	rate  float64
	burst float64
	now   func() time.Time

	mu      sync.Mutex
	buckets map[string]*bucket
	swept   time.Time
}

type bucket struct {
	tokens float64
	at     time.Time
}

// New makes a Limiter. rate is in tokens a second; both must be above zero.
func New(rate float64, burst int) *Limiter {
	if rate <= 0 || burst <= 0 {
		panic("bucket: rate and burst must be above zero")
	}
	return &Limiter{rate: rate, burst: float64(burst), now: time.Now, buckets: map[string]*bucket{}}
}

// Allow takes n tokens from key's bucket if they are there. If not, it takes none and says how long to wait for them.
func (l *Limiter) Allow(key string, n int) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(key)
	if b.tokens >= float64(n) {
		b.tokens -= float64(n)
		return true, 0
	}
	return false, l.untilFilled(float64(n) - b.tokens)
}

// Wait takes n tokens, waiting until they are there or ctx ends. Waiters reserve at once and so are served in order: the
// bucket goes below zero, and whoever comes later waits longer. A reservation that ends with ctx is given back.
func (l *Limiter) Wait(ctx context.Context, key string, n int) error {
	if float64(n) > l.burst {
		return ErrNever
	}
	l.mu.Lock()
	b := l.filled(key)
	b.tokens -= float64(n)
	wait := l.untilFilled(-b.tokens)
	l.mu.Unlock()
	if wait == 0 {
		return nil
	}
	if until, ok := ctx.Deadline(); ok && l.now().Add(wait).After(until) {
		l.giveBack(key, n)
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		l.giveBack(key, n)
		return ctx.Err()
	}
}

func (l *Limiter) giveBack(key string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(key)
	b.tokens = math.Min(l.burst, b.tokens+float64(n))
}

// filled is key's bucket as of now. The caller holds the lock.
func (l *Limiter) filled(key string) *bucket {
	now := l.now()
	l.sweep(now)
	b, ok := l.buckets[key]
	if !ok {
		b = &bucket{tokens: l.burst, at: now}
		l.buckets[key] = b
	}
	if passed := now.Sub(b.at); passed > 0 {
		b.tokens = math.Min(l.burst, b.tokens+passed.Seconds()*l.rate)
		b.at = now
	}
	return b
}

// sweep forgets full buckets, which are like new ones, once in the time that it takes an empty one to fill.
func (l *Limiter) sweep(now time.Time) {
	fills := l.untilFilled(l.burst)
	if now.Sub(l.swept) < fills {
		return
	}
	l.swept = now
	for key, b := range l.buckets {
		if b.tokens+now.Sub(b.at).Seconds()*l.rate >= l.burst {
			delete(l.buckets, key)
		}
	}
}

func (l *Limiter) untilFilled(missing float64) time.Duration {
	if missing <= 0 {
		return 0
	}
	return time.Duration(math.Ceil(missing / l.rate * float64(time.Second)))
}
