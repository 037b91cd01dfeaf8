package lint

import (
	"maps"
	"reflect"

	"github.com/segue-db/segue/dialects"
)

// sameSchema reports whether two replays end alike. To what is compared an empty list is no list.
func sameSchema(a, b *dialects.Catalog) bool {
	return maps.EqualFunc(a.Tables, b.Tables, func(x, y *dialects.Table) bool { return same(reflect.ValueOf(x), reflect.ValueOf(y)) }) &&
		maps.EqualFunc(a.Objects, b.Objects, func(x, y *dialects.Object) bool { return same(reflect.ValueOf(x), reflect.ValueOf(y)) }) && maps.Equal(a.Schemas, b.Schemas)
}

func same(x, y reflect.Value) bool {
	switch x.Kind() {
	case reflect.Pointer:
		if x.IsNil() || y.IsNil() {
			return x.IsNil() == y.IsNil()
		}
		return same(x.Elem(), y.Elem())
	case reflect.Struct:
		for i := range x.NumField() {
			if !same(x.Field(i), y.Field(i)) {
				return false
			}
		}
		return true
	case reflect.Slice:
		if x.Len() != y.Len() {
			return false
		}
		for i := range x.Len() {
			if !same(x.Index(i), y.Index(i)) {
				return false
			}
		}
		return true
	}
	return x.Equal(y)
}
