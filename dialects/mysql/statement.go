package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	driver "github.com/go-sql-driver/mysql"
)

// statement is one that runs. The driver's own answer to a cancelled context is to leave the
// connection: the session's locks would go, and the server would carry the statement on. So the
// statement runs under a context of its own, and a cancelled one ends it by KILL QUERY, which
// leaves the session.
type statement struct {
	ctx     context.Context // the statement's own
	asked   context.Context // the caller's
	conn    *connection
	abandon context.CancelFunc // gives the connection up
	stop    func() bool        // ends the watch; false where the caller's context ended first
	ended   chan struct{}
	killed  chan struct{} // closed when KILL QUERY has been dealt with
}

// begin is called before a statement runs. Its end must be called after.
func (c *connection) begin(ctx context.Context) (*statement, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := &statement{asked: ctx, conn: c, ended: make(chan struct{}), killed: make(chan struct{})}
	s.ctx, s.abandon = context.WithCancel(context.WithoutCancel(ctx))
	s.stop = context.AfterFunc(ctx, s.cancel)
	return s, nil
}

// cancel ends the statement, or where that cannot be done in time the connection.
func (s *statement) cancel() {
	defer close(s.killed)
	late := time.AfterFunc(cancelWait, s.abandon)
	defer late.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), cancelWait)
	defer cancel()
	if err := s.conn.kill(ctx); err != nil {
		s.abandon()
	}
	select {
	case <-s.ended:
	case <-s.ctx.Done():
	}
}

// kill ends the statement that runs on the connection, from another one.
func (c *connection) kill(ctx context.Context) error {
	other, err := c.database.connect(ctx)
	if err != nil {
		return err
	}
	defer other.close()
	_, err = other.ExecContext(ctx, fmt.Sprintf("KILL QUERY %d", c.id))
	return err
}

// end returns the statement's error, with the context's where that ended it.
func (s *statement) end(err error) error {
	close(s.ended)
	if !s.stop() {
		<-s.killed
		if !isCode(err, codeQueryInterrupted) && s.ctx.Err() == nil {
			// The statement was through before the order to end it came, which must not hit the
			// next.
			_, _ = s.conn.ExecContext(s.ctx, "DO 0")
		}
	}
	gaveUp := s.ctx.Err() != nil
	s.abandon()
	if err == nil {
		return nil
	}
	s.conn.failed = true
	if s.asked.Err() != nil && (gaveUp || isCode(err, codeQueryInterrupted)) {
		return fmt.Errorf("%w: %w", s.asked.Err(), err)
	}
	return err
}

func isCode(err error, code uint16) bool {
	var server *driver.MySQLError
	return errors.As(err, &server) && server.Number == code
}

// rows are the driver's. The statement runs until they are closed or read to the end.
type rows struct {
	*sql.Rows
	statement *statement
	over      bool
	err       error
}

func (r *rows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.finish(r.Rows.Err())
	return false
}

func (r *rows) Err() error {
	if r.over {
		return r.err
	}
	return r.Rows.Err()
}

func (r *rows) Close() { r.finish(r.Rows.Close()) }

func (r *rows) finish(err error) {
	if !r.over {
		r.over = true
		_ = r.Rows.Close()
		r.err = r.statement.end(err)
	}
}
