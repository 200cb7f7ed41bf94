package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
)

const (
	replicaSet = "feltbog"
	mongoUser  = "feltbog"
	oldestWire = 17   // the wire version of MongoDB 6.0
	oplogMB    = 2048 // the disk that the log of changes may take; unset, a twentieth of the disk
	exitPort   = 48   // mongod's exit code when it cannot have its port
)

// Codes of the server's errors that are answers here.
const (
	codeUserNotFound       = 11
	codeAuthentication     = 18
	codeAlreadyInitialized = 23
	codeNotYetInitialized  = 94
)

// mongod is the engine of storage: a replica set of one, so that it has transactions and change
// streams.
type mongod struct {
	dir         directory
	keys        secrets
	cacheSizeGB float64
}

func (m *mongod) name() string   { return "mongod" }
func (m *mongod) folder() string { return m.dir.mongodb() }
func (m *mongod) env() []string  { return nil }

func (m *mongod) args(port int) []string {
	return []string{
		"--dbpath", m.folder(),
		"--port", strconv.Itoa(port),
		"--bind_ip", host,
		"--nounixsocket", // It would be in a folder that all may read.
		"--replSet", replicaSet,
		"--oplogSize", strconv.Itoa(oplogMB),
		"--auth",
		"--keyFile", m.keys.keyFile,
		// Nobody may make the first user but who has the key file.
		"--setParameter", "enableLocalhostAuthBypass=false",
		// Builds as old as 6.0.5 have a flaw in zlib decompression that a client can use before it
		// has signed in.
		"--networkMessageCompressors", "disabled",
		"--wiredTigerCacheSizeGB", strconv.FormatFloat(m.cacheSizeGB, 'f', -1, 64),
		// By itself mongod lays out 300 MB of journal files, for much of the time of a start.
		"--wiredTigerEngineConfigString", "log=(file_max=10MB)",
		"--setParameter", "diagnosticDataCollectionEnabled=false",
		// Nothing here reads the past. By itself mongod keeps it for five minutes, with the files of all
		// that was dropped, of which tests drop more than a process may hold open.
		"--setParameter", "minSnapshotHistoryWindowInSeconds=0",
		"--quiet",
	}
}

// ready brings the replica set to the point where it takes writes of the one user. What a start
// finds may be anything: nothing at all, a set without its user because the last start was cut off,
// a set that knows itself by another port, or most often a set in order.
func (m *mongod) ready(ctx context.Context, port int) error {
	if err := listening(ctx, port); err != nil {
		return err
	}
	client, err := m.connect(port, nil)
	if err != nil {
		return err
	}
	defer disconnect(ctx, client)
	if err := m.awaitPrimary(ctx, client, port); err != nil {
		return err
	}
	return m.ensureUser(ctx, port)
}

// listening is a cheaper question than a driver's first: the driver waits half a second after a
// refusal.
func listening(ctx context.Context, port int) error {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address(port))
	if err != nil {
		return fmt.Errorf("connect to mongod: %w", err)
	}
	return conn.Close()
}

// awaitPrimary waits until the set of one has elected its one member, making or mending the set's
// configuration where that is needed.
func (m *mongod) awaitPrimary(ctx context.Context, client *mongo.Client, port int) error {
	for {
		var hello struct {
			Primary bool   `bson:"isWritablePrimary"`
			Set     string `bson:"setName"`
			MaxWire int    `bson:"maxWireVersion"`
		}
		if err := runCommand(ctx, client, bson.D{{Key: "hello", Value: 1}}, &hello); err != nil {
			return err
		}
		switch {
		case hello.MaxWire < oldestWire:
			return permanentError{errors.New("this mongod is older than 6.0, which Feltbog needs: run `make engines` and set FELTBOG_MONGOD to the one it fetched")}
		case hello.Primary:
			return nil
		case hello.Set == "":
			// Not set up, or its configuration names another port, or not read yet.
			if err := m.configure(ctx, port); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the replica set: %w", ctx.Err())
		case <-time.After(readyPoll):
		}
	}
}

// configure makes the replica set, or renames its one member if that has another port than now.
func (m *mongod) configure(ctx context.Context, port int) error {
	client, err := m.connect(port, m.itself())
	if err != nil {
		return err
	}
	defer disconnect(ctx, client)
	var answer struct {
		Config bson.D `bson:"config"`
	}
	err = runCommand(ctx, client, bson.D{{Key: "replSetGetConfig", Value: 1}}, &answer)
	if hasCode(err, codeNotYetInitialized) {
		config := bson.D{{Key: "_id", Value: replicaSet}, {Key: "members", Value: member(port)}}
		err = runCommand(ctx, client, bson.D{{Key: "replSetInitiate", Value: config}}, nil)
		if hasCode(err, codeAlreadyInitialized) || hasCode(err, codeNotYetInitialized) {
			return nil // It is still reading its configuration.
		}
		return err
	}
	if err != nil {
		return err
	}
	for i, field := range answer.Config {
		if field.Key == "members" {
			answer.Config[i].Value = member(port)
		}
	}
	// Force, because a set whose members are all gone has no majority to agree to it.
	return runCommand(ctx, client, bson.D{{Key: "replSetReconfig", Value: answer.Config}, {Key: "force", Value: true}}, nil)
}

func member(port int) bson.A {
	return bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: address(port)}}}
}

// ensureUser makes the user that clients sign in as, or gives it the password of today if the
// secrets were lost.
func (m *mongod) ensureUser(ctx context.Context, port int) error {
	user, err := m.connect(port, &options.Credential{AuthMechanism: "SCRAM-SHA-256", AuthSource: "admin", Username: mongoUser, Password: m.keys.user})
	if err != nil {
		return err
	}
	defer disconnect(ctx, user)
	err = user.Ping(ctx, readpref.Primary())
	if err == nil || !strings.Contains(err.Error(), "AuthenticationFailed") {
		return err
	}
	itself, err := m.connect(port, m.itself())
	if err != nil {
		return err
	}
	defer disconnect(ctx, itself)
	details := bson.D{
		{Key: "pwd", Value: m.keys.user},
		{Key: "roles", Value: bson.A{"readWriteAnyDatabase", "dbAdminAnyDatabase", "clusterMonitor"}},
		{Key: "mechanisms", Value: bson.A{"SCRAM-SHA-256"}},
		{Key: "writeConcern", Value: bson.D{{Key: "w", Value: "majority"}}},
	}
	err = runCommand(ctx, itself, append(bson.D{{Key: "updateUser", Value: mongoUser}}, details...), nil)
	if hasCode(err, codeUserNotFound) {
		err = runCommand(ctx, itself, append(bson.D{{Key: "createUser", Value: mongoUser}}, details...), nil)
	}
	return err
}

// itself is the credential that members of a replica set show each other: the key file. It opens
// the server before it has a user, and whatever state it is in.
func (m *mongod) itself() *options.Credential {
	return &options.Credential{AuthMechanism: "SCRAM-SHA-256", AuthSource: "local", Username: "__system", Password: m.keys.key}
}

// connect makes a client; without a credential it may ask for little more than hello.
func (m *mongod) connect(port int, credential *options.Credential) (*mongo.Client, error) {
	o := options.Client().SetHosts([]string{address(port)}).SetDirect(true).SetServerSelectionTimeout(time.Second)
	if credential != nil {
		o.SetAuth(*credential)
	}
	client, err := mongo.Connect(o)
	if err != nil {
		return nil, permanentError{fmt.Errorf("connect to mongod: %w", err)}
	}
	return client, nil
}

// disconnect does not wait for a server that may be gone.
func disconnect(ctx context.Context, client *mongo.Client) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 100*time.Millisecond)
	defer cancel()
	_ = client.Disconnect(ctx)
}

// runCommand runs a command on the database admin and decodes its answer, if into is not nil.
func runCommand(ctx context.Context, client *mongo.Client, command bson.D, into any) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	result := client.Database("admin").RunCommand(ctx, command)
	err := result.Err()
	if err == nil && into != nil {
		err = result.Decode(into)
	}
	if err != nil {
		return fmt.Errorf("run %s on mongod: %w", command[0].Key, err)
	}
	return nil
}

func hasCode(err error, code int) bool {
	answer, ok := errors.AsType[mongo.ServerError](err)
	return ok && answer.HasErrorCode(code)
}

func (m *mongod) portTaken(end exit) bool { return end.code == exitPort }

// telling leaves out what is only informative: a mongod that crashes ends with hundreds of such
// lines.
func (m *mongod) telling(line string) bool {
	entry, ok := parseLog(line)
	return !ok || entry.Severity == "F" || entry.Severity == "E"
}

func (m *mongod) readable(line string) string {
	entry, ok := parseLog(line)
	if !ok {
		return line
	}
	if len(entry.Attributes) == 0 {
		return entry.Message
	}
	return entry.Message + " " + string(entry.Attributes)
}

// logEntry is a line of mongod's log.
type logEntry struct {
	Severity   string          `json:"s"`
	Message    string          `json:"msg"`
	Attributes json.RawMessage `json:"attr"`
}

func parseLog(line string) (logEntry, bool) {
	var entry logEntry
	err := json.Unmarshal([]byte(line), &entry)
	return entry, err == nil
}

// mongoURI is the address for clients.
func mongoURI(port int, password string) string {
	query := url.Values{"authSource": {"admin"}, "authMechanism": {"SCRAM-SHA-256"}, "directConnection": {"true"}, "w": {"majority"}}
	uri := url.URL{Scheme: "mongodb", User: url.UserPassword(mongoUser, password), Host: address(port), Path: "/", RawQuery: query.Encode()}
	return uri.String()
}
