// Package pool runs many tasks on few goroutines.
package pool

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
)

// Map calls work for every item, at most limit at a time, and gives the results in the order of the items. The first
// error cancels the context of all others and is returned once every call has come back: nothing runs on behind the
// caller's back. A panic in work becomes an error with its stack.
func Map[In, Out any](ctx context.Context, limit int, items []In, work func(context.Context, In) (Out, error)) ([]Out, error) {
	if limit < 1 {
		limit = 1
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	var (
		results = make([]Out, len(items))
		next    = make(chan int)
		group   sync.WaitGroup
		once    sync.Once
		first   error
	)
	fail := func(err error) {
		once.Do(func() {
			first = err
			cancel()
		})
	}
	if limit > len(items) {
		limit = len(items)
	}
	for i := 0; i < limit; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for at := range next {
				result, err := guarded(ctx, items[at], work)
				if err != nil {
					fail(fmt.Errorf("item %d: %w", at, err))
					continue
				}
				results[at] = result
			}
		}()
	}
	for at := range items {
		select {
		case next <- at:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	group.Wait()
	if first == nil {
		// Ended from outside, perhaps between two items.
		first = ctx.Err()
	}
	if first != nil {
		return nil, first
	}
	return results, nil
}

func guarded[In, Out any](ctx context.Context, item In, work func(context.Context, In) (Out, error)) (result Out, err error) {
	defer func() {
		if what := recover(); what != nil {
			err = fmt.Errorf("panic: %v\n%s", what, debug.Stack())
		}
	}()
	return work(ctx, item)
}
