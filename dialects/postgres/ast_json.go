package postgres

import (
	"reflect"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// The parser writes its tree as protobuf, which its Go package reads, or as JSON, which is read here in a quarter less
// processor time: the C code for protobuf asks every node for the size of all below it, at each level again. Where JSON
// does not say all that protobuf does, the tree is read from protobuf after all.

const (
	// maxJSONText is how long a text may be whose tree is read as JSON, which is far longer: at a gigabyte the
	// C code ends the process.
	maxJSONText = 1 << 16
	// maxJSONDepth is far below what protobuf takes, so that one of the two says what is too deep.
	maxJSONDepth = 1000
)

// treeFromJSON reads the tree of a text; nil where protobuf has to tell.
func treeFromJSON(sql, json string) *astParseResult {
	tree := &astParseResult{}
	r := treeReader{rest: json, minus: strings.Contains(sql, "-")}
	if !r.message(treeRoot(), reflect.ValueOf(tree).Elem()) || r.rest != "" {
		return nil
	}
	return tree
}

type treeReader struct {
	rest  string
	minus bool // the text has one
	depth int
}

// message reads {"field":value,...}.
func (r *treeReader) message(m *treeMessage, to reflect.Value) bool {
	if r.depth++; r.depth > maxJSONDepth || !r.take('{') {
		return false
	}
	for n, next := 0, 0; !r.take('}'); n++ {
		if n > 0 && !r.take(',') {
			return false
		}
		name, plain := r.word()
		if !plain || !r.take(':') {
			return false
		}
		at, known := m.find(name, next)
		if !known {
			return false
		}
		f := &m.fields[at]
		if !f.read(r, to.Field(f.index)) {
			return false
		}
		next = at + 1
	}
	r.depth--
	return true
}

func (r *treeReader) take(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// word reads a string without escapes.
func (r *treeReader) word() (string, bool) {
	if !r.take('"') {
		return "", false
	}
	for i := range len(r.rest) {
		switch r.rest[i] {
		case '\\':
			return "", false
		case '"':
			word := r.rest[:i]
			r.rest = r.rest[i+1:]
			return word, true
		}
	}
	return "", false
}

// text reads a string. The C code takes the pieces of one apart by bytes, so that it may not be UTF-8.
func (r *treeReader) text() (string, bool) {
	before := r.rest
	if word, plain := r.word(); plain {
		return strings.Clone(word), utf8.ValidString(word) // a clone, so that the name of a table does not keep all of the JSON
	}
	quoted, err := strconv.QuotedPrefix(before) // JSON's escapes are Go's, but for \/, which the C code does not write
	if err != nil || !utf8.ValidString(quoted) {
		return "", false
	}
	r.rest = before[len(quoted):]
	text, err := strconv.Unquote(quoted)
	return text, err == nil
}

func (r *treeReader) number() (int64, bool) {
	end := 0
	for end < len(r.rest) && (r.rest[end] == '-' || '0' <= r.rest[end] && r.rest[end] <= '9') {
		end++
	}
	n, err := strconv.ParseInt(r.rest[:end], 10, 64)
	r.rest = r.rest[end:]
	return n, err == nil
}

// treeMessage is a type of message.
type treeMessage struct {
	fields []treeField // in protobuf's order, in which the C code writes most of them
	named  map[string]int
}

// treeField is a message's field as JSON has it.
type treeField struct {
	name  string
	index int // in the message's struct
	read  func(r *treeReader, to reflect.Value) bool
}

// find is where the field of a name is, which is not far behind the one that was read last.
func (m *treeMessage) find(name string, next int) (at int, known bool) {
	for at := next; at < min(next+8, len(m.fields)); at++ {
		if m.fields[at].name == name {
			return at, true
		}
	}
	at, known = m.named[name]
	return at, known
}

var treeRoot = sync.OnceValue(func() *treeMessage { return treeMessageOf(reflect.TypeFor[astParseResult]()) })

// treeMessages are the types of messages that have been met.
var treeMessages sync.Map // reflect.Type to *treeMessage

// treeMessageOf is asked once for each field that has messages of the type: the types contain each other.
func treeMessageOf(message reflect.Type) *treeMessage {
	if known, ok := treeMessages.Load(message); ok {
		return known.(*treeMessage)
	}
	index := map[string]int{} // by number, and a oneof by its name
	for i := range message.NumField() {
		if tag := message.Field(i).Tag; tag.Get("protobuf_oneof") != "" {
			index[tag.Get("protobuf_oneof")] = i
		} else if parts := strings.Split(tag.Get("protobuf"), ","); len(parts) > 1 {
			index[parts[1]] = i
		}
	}
	m := &treeMessage{named: map[string]int{}}
	described := reflect.New(message).Interface().(proto.Message).ProtoReflect().Descriptor().Fields()
	for i := range described.Len() {
		d := described.Get(i)
		f := treeField{name: d.JSONName()}
		if one := d.ContainingOneof(); one != nil {
			f.index = index[string(one.Name())]
			f.read = choice(message, f.index, d)
		} else {
			f.index = index[strconv.Itoa(int(d.Number()))]
			f.read = plainField(message.Field(f.index).Type, d)
		}
		if f.read != nil {
			m.named[f.name] = len(m.fields)
			m.fields = append(m.fields, f)
		}
	}
	treeMessages.Store(message, m)
	return m
}

// plainField is nil for a type that no parsed tree has.
func plainField(t reflect.Type, d protoreflect.FieldDescriptor) func(*treeReader, reflect.Value) bool {
	switch {
	case d.Enum() != nil:
		return enumField(d.Enum().Values())
	case t == reflect.TypeFor[[]*astNode]():
		return listField[astNode]()
	case t == reflect.TypeFor[[]*astRawStmt]():
		return listField[astRawStmt]()
	}
	switch t.Kind() {
	case reflect.Pointer:
		of := sync.OnceValue(func() *treeMessage { return treeMessageOf(t.Elem()) })
		return func(r *treeReader, to reflect.Value) bool {
			message := reflect.New(t.Elem())
			to.Set(message)
			return r.message(of(), message.Elem())
		}
	case reflect.String:
		return func(r *treeReader, to reflect.Value) bool {
			text, ok := r.text()
			to.SetString(text)
			return ok
		}
	case reflect.Bool:
		return func(r *treeReader, to reflect.Value) bool {
			rest, yes := strings.CutPrefix(r.rest, "true")
			if !yes {
				rest, ok := strings.CutPrefix(r.rest, "false")
				r.rest = rest
				return ok
			}
			r.rest = rest
			to.SetBool(true)
			return true
		}
	case reflect.Int32, reflect.Int64:
		return func(r *treeReader, to reflect.Value) bool {
			n, ok := r.number()
			if !ok || to.OverflowInt(n) {
				return false
			}
			to.SetInt(n)
			return true
		}
	case reflect.Uint32:
		return func(r *treeReader, to reflect.Value) bool {
			n, ok := r.number()
			if !ok || n < 0 || to.OverflowUint(uint64(n)) {
				return false
			}
			to.SetUint(uint64(n))
			return true
		}
	}
	return nil
}

func enumField(values protoreflect.EnumValueDescriptors) func(*treeReader, reflect.Value) bool {
	numbers := map[string]int64{}
	for i := range values.Len() {
		numbers[string(values.Get(i).Name())] = int64(values.Get(i).Number())
	}
	return func(r *treeReader, to reflect.Value) bool {
		name, _ := r.word()
		n, known := numbers[name]
		to.SetInt(n)
		return known
	}
}

func listField[M any]() func(*treeReader, reflect.Value) bool {
	of := sync.OnceValue(func() *treeMessage { return treeMessageOf(reflect.TypeFor[M]()) })
	return func(r *treeReader, to reflect.Value) bool {
		if !r.take('[') {
			return false
		}
		list := to.Addr().Interface().(*[]*M)
		for n := 0; !r.take(']'); n++ {
			if n > 0 && !r.take(',') {
				return false
			}
			message := new(M)
			if !r.message(of(), reflect.ValueOf(message).Elem()) {
				return false
			}
			*list = append(*list, message)
		}
		return true
	}
}

// choice reads a message that one of several fields has. JSON leaves a number that is not above zero out of an
// Integer: it stands for zero in a constant of a text without a minus. Elsewhere it may be -1, as in int[].
func choice(message reflect.Type, index int, d protoreflect.FieldDescriptor) func(*treeReader, reflect.Value) bool {
	if d.Message() == nil {
		return nil
	}
	type held struct {
		holder, inner reflect.Type
		message       *treeMessage
	}
	// What holds the message in the field is a pointer to a struct, which only protobuf can name.
	types := sync.OnceValue(func() (h held) {
		of := reflect.New(message)
		m := of.Interface().(proto.Message).ProtoReflect()
		m.Set(d, m.NewField(d))
		h.holder = of.Elem().Field(index).Elem().Type().Elem()
		h.inner = h.holder.Field(0).Type.Elem()
		h.message = treeMessageOf(h.inner)
		return h
	})
	constant := message == reflect.TypeFor[astAConst]()
	return func(r *treeReader, to reflect.Value) bool {
		h := types()
		inner := reflect.New(h.inner)
		if !r.message(h.message, inner.Elem()) {
			return false
		}
		if n, is := inner.Interface().(*astInteger); is && n.Ival == 0 && (r.minus || !constant) {
			return false
		}
		holder := reflect.New(h.holder)
		holder.Elem().Field(0).Set(inner)
		to.Set(holder)
		return true
	}
}
