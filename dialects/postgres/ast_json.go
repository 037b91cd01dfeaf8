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
// processor time, and with the parser's lock held for a quarter of the time. The C code for protobuf asks every node for
// the size of all below it, at each level again. Where JSON does not say all that protobuf does, the tree is read from
// protobuf after all.

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
	if !r.message(reflect.ValueOf(tree).Elem()) || r.rest != "" {
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
func (r *treeReader) message(to reflect.Value) bool {
	if r.depth++; r.depth > maxJSONDepth || !r.take('{') {
		return false
	}
	fields := fieldsOf(to.Type())
	for n := 0; !r.take('}'); n++ {
		if n > 0 && !r.take(',') {
			return false
		}
		name, plain := r.word()
		if !plain || !r.take(':') {
			return false
		}
		if f := fields[name]; f == nil || !f.read(r, to.Field(f.index)) {
			return false
		}
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
	end := strings.IndexByte(r.rest, '"')
	if end < 0 || strings.IndexByte(r.rest[:end], '\\') >= 0 {
		return "", false
	}
	word := r.rest[:end]
	r.rest = r.rest[end+1:]
	return word, true
}

// text reads a string. The C code takes the pieces of one apart by bytes, so that it may not be UTF-8.
func (r *treeReader) text() (string, bool) {
	quoted, err := strconv.QuotedPrefix(r.rest) // JSON's escapes are Go's, but for \/, which the C code does not write
	if err != nil || !utf8.ValidString(quoted) {
		return "", false
	}
	r.rest = r.rest[len(quoted):]
	if inner := quoted[1 : len(quoted)-1]; !strings.Contains(inner, `\`) {
		return strings.Clone(inner), true // so that the name of a table does not keep all of the JSON
	}
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

// treeField is a message's field as JSON has it.
type treeField struct {
	index int // in the message's struct
	read  func(r *treeReader, to reflect.Value) bool
}

// treeFields are the fields of each type of message by their names in JSON, once it has been met.
var treeFields sync.Map // reflect.Type to map[string]*treeField

func fieldsOf(message reflect.Type) map[string]*treeField {
	if known, ok := treeFields.Load(message); ok {
		return known.(map[string]*treeField)
	}
	index := map[string]int{} // by number, and a oneof by its name
	for i := range message.NumField() {
		if tag := message.Field(i).Tag; tag.Get("protobuf_oneof") != "" {
			index[tag.Get("protobuf_oneof")] = i
		} else if parts := strings.Split(tag.Get("protobuf"), ","); len(parts) > 1 {
			index[parts[1]] = i
		}
	}
	fields := map[string]*treeField{}
	described := reflect.New(message).Interface().(proto.Message).ProtoReflect().Descriptor().Fields()
	for i := range described.Len() {
		d := described.Get(i)
		f := &treeField{}
		if one := d.ContainingOneof(); one != nil {
			f.index = index[string(one.Name())]
			f.read = choice(message, f.index, d)
		} else {
			f.index = index[strconv.Itoa(int(d.Number()))]
			f.read = plainField(message.Field(f.index).Type, d)
		}
		if f.read != nil {
			fields[d.JSONName()] = f
		}
	}
	treeFields.Store(message, fields)
	return fields
}

// plainField is nil for a type that no parsed tree has.
func plainField(t reflect.Type, d protoreflect.FieldDescriptor) func(*treeReader, reflect.Value) bool {
	switch {
	case d.Enum() != nil:
		return enumField(d.Enum().Values())
	case t == reflect.TypeFor[[]*astNode]():
		return func(r *treeReader, to reflect.Value) bool {
			return readList(r, to.Addr().Interface().(*[]*astNode))
		}
	case t == reflect.TypeFor[[]*astRawStmt]():
		return func(r *treeReader, to reflect.Value) bool {
			return readList(r, to.Addr().Interface().(*[]*astRawStmt))
		}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return func(r *treeReader, to reflect.Value) bool {
			to.Set(reflect.New(t.Elem()))
			return r.message(to.Elem())
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

func readList[M any](r *treeReader, to *[]*M) bool {
	if !r.take('[') {
		return false
	}
	for n := 0; !r.take(']'); n++ {
		if n > 0 && !r.take(',') {
			return false
		}
		message := new(M)
		if !r.message(reflect.ValueOf(message).Elem()) {
			return false
		}
		*to = append(*to, message)
	}
	return true
}

// choice reads a message that one of several fields has. JSON leaves a number that is not above zero out of an
// Integer: it stands for zero in a constant of a text without a minus. Elsewhere it may be -1, as in int[].
func choice(message reflect.Type, index int, d protoreflect.FieldDescriptor) func(*treeReader, reflect.Value) bool {
	if d.Message() == nil {
		return nil
	}
	// What holds the message in the field is a pointer to a struct, which only protobuf can name.
	holder := sync.OnceValue(func() reflect.Type {
		of := reflect.New(message)
		m := of.Interface().(proto.Message).ProtoReflect()
		m.Set(d, m.NewField(d))
		return of.Elem().Field(index).Elem().Type().Elem()
	})
	constant := message == reflect.TypeFor[astAConst]()
	return func(r *treeReader, to reflect.Value) bool {
		held := reflect.New(holder())
		inner := reflect.New(held.Type().Elem().Field(0).Type.Elem())
		if !r.message(inner.Elem()) {
			return false
		}
		if n, is := inner.Interface().(*astInteger); is && n.Ival == 0 && (r.minus || !constant) {
			return false
		}
		held.Elem().Field(0).Set(inner)
		to.Set(held)
		return true
	}
}
