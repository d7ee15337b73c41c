package links

import (
	"net/http/httptest"
	"testing"
)

func TestUnknownNameIsNotFound(t *testing.T) {
	out := httptest.NewRecorder()
	New().ServeHTTP(out, httptest.NewRequest("GET", "/nothing", nil))
	if out.Code != 404 {
		t.Fatalf("got %d", out.Code)
	}
}
