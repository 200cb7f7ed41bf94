package local_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"feltbog/local"
)

// A start that cannot work says why and what to do, in one error.
func TestStartFails(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		// spoil changes the options or the data directory of a stopped server.
		spoil func(t *testing.T, o *local.Options)
		want  []string
	}{
		{
			name: "a missing binary",
			spoil: func(_ *testing.T, o *local.Options) {
				o.Mongod = filepath.Join(o.Dir, "nowhere")
			},
			want: []string{"nowhere (FELTBOG_MONGOD) is not a program that can be run"},
		},
		{
			name: "a missing library",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Mongod = program(t, "echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file: No such file or directory' >&2; exit 127")
			},
			want: []string{"mongod ended with exit code 127", "libcurl.so.4", "apt-get install libcurl4"},
		},
		{
			name: "a full disk",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Mongod = program(t, `echo '{"s":"E","msg":"WiredTiger error message","attr":{"error":28,"message":"No space left on device"}}'
					echo '{"s":"I","msg":"Frame"}'; exit 14`)
			},
			want: []string{"mongod ended with exit code 14", "WiredTiger error message", "No space left on device", "free some space"},
		},
		{
			name: "a mongod that crashes without a reason we know",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Mongod = program(t, `echo '{"s":"F","msg":"Fatal assertion","attr":{"msgid":1}}'; echo '{"s":"I","msg":"Frame"}'; kill -ABRT $$`)
			},
			want: []string{"mongod ended with signal 6", `Fatal assertion {"msgid":1}`, filepath.Join("log", "mongod.log")},
		},
		{
			name: "an index of another version",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				write(t, filepath.Join(o.Dir, "meilisearch", "data.ms", "VERSION"), "1.15.2")
			},
			want: []string{"1.15.2", "1.21.0", "made by another version of Meilisearch", "feltbog reindex"},
		},
		{
			name: "a database of another version",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Mongod = program(t, `echo '{"s":"F","msg":"Wrong mongod version","attr":{"error":"UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion document"}}'; exit 62`)
			},
			want: []string{"made by another version of MongoDB"},
		},
		{
			name: "a meilisearch that is too old",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Meilisearch = program(t, `while [ "$1" != --http-addr ]; do shift; done
					exec python3 -c '
import http.server, sys
class Old(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{\"pkgVersion\": \"1.9.3\"}")
host, port = sys.argv[1].split(":")
http.server.HTTPServer((host, int(port)), Old).serve_forever()
' "$2"`)
			},
			want: []string{"this is meilisearch 1.9.3", "1.21 or newer", "make engines"},
		},
		{
			name: "a data directory that is a file",
			spoil: func(t *testing.T, o *local.Options) {
				t.Helper()
				o.Dir = filepath.Join(o.Dir, "file")
				write(t, o.Dir, "")
			},
			want: []string{"not a directory"},
		},
	}
	o := newOptions(t)
	stop(t, start(t, o))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			o := o
			test.spoil(t, &o)
			e, err := local.Start(within(t), o)
			if err == nil {
				stop(t, e)
				t.Fatal("It started.")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("The error lacks %q:\n%v", want, err)
				}
			}
		})
	}
}

func TestMissingEngines(t *testing.T) {
	t.Setenv("PATH", "")
	t.Chdir(t.TempDir())
	_, err := local.Start(within(t), local.Options{Dir: "data"})
	for _, want := range []string{"mongod is missing", "meilisearch is missing", "make engines", "6.0 or newer", "1.21 or newer", "FELTBOG_MONGOD"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Start without engines: %v, want %q in it.", err, want)
		}
	}
	if _, err := os.Stat("data"); !os.IsNotExist(err) {
		t.Errorf("It made the data directory all the same (%v).", err)
	}
}

// An engine that cannot be started again is tried at growing distances.
func TestBackOff(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	var log logBuffer
	o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	mongod := mongodOf(t, o)
	broken := filepath.Join(t.TempDir(), "broken")
	o.Mongod = program(t, `if [ -e `+broken+` ]; then echo 'Error: No space left on device'; exit 1; fi; exec `+mongod+` "$@"`)
	e := start(t, o)
	entries := connect(t, e.MongoURI)
	write(t, broken, "")
	kill(t, pid(t, e, "mongod"))
	for _, wait := range []string{"100000000", "200000000", "400000000", "800000000"} {
		eventually(t, func() error { return log.holds("An engine ended", `"wait":`+wait) })
	}
	if err := log.holds(`"exit":"exit code 1"`, `"last_line":"Error: No space left on device"`, "free some space"); err != nil {
		t.Error(err)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}
	entries.mustPut(t, 1)
}

func TestLog(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	if err := os.Mkdir(filepath.Join(o.Dir, "log"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(o.Dir, "log", "mongod.log")
	const large = 30 << 20
	write(t, path, "old")
	if err := os.Truncate(path, large); err != nil {
		t.Fatal(err)
	}
	start(t, o)
	if info, err := os.Stat(path + ".1"); err != nil || info.Size() != large {
		t.Errorf("The large log was not put aside: %v %v.", info, err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "{") {
		t.Errorf("The new log begins with %.20q (%v), want mongod's first line.", text, err)
	}
}

// program writes a shell script that can stand for an engine.
func program(t *testing.T, script string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "engine")
	write(t, path, "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func logTo(log *logBuffer, c local.Connection) {
	slog.New(slog.NewJSONHandler(log, nil)).Info("Test.", slog.Any("connection", c))
}
