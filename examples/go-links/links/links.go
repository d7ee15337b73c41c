// Package links keeps short names for long addresses in memory.
package links

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
)

// Server answers requests; GET /name redirects, PUT /name?to=address sets it.
type Server struct {
	mutex sync.RWMutex
	known map[string]string
}

// New returns a server that knows no links.
func New() *Server {
	return &Server{known: map[string]string{}}
}

func (server *Server) ServeHTTP(out http.ResponseWriter, in *http.Request) {
	name := strings.TrimPrefix(in.URL.Path, "/")
	switch {
	case name == "health":
		server.mutex.RLock()
		defer server.mutex.RUnlock()
		json.NewEncoder(out).Encode(map[string]int{"links": len(server.known)})
	case in.Method == http.MethodPut:
		server.mutex.Lock()
		defer server.mutex.Unlock()
		server.known[name] = in.FormValue("to")
		out.WriteHeader(http.StatusCreated)
	default:
		server.mutex.RLock()
		defer server.mutex.RUnlock()
		if to, found := server.known[name]; found {
			http.Redirect(out, in, to, http.StatusFound)
			return
		}
		http.NotFound(out, in)
	}
}
