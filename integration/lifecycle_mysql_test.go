package integration_test

import "github.com/segue-db/segue/dialects"

var familyLifecycles = map[dialects.Kind][]lifecycle{}
