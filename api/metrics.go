package api

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics counts requests for Prometheus. Its handler is mounted by the caller, on another address.
type Metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	streams  prometheus.Gauge
}

// NewMetrics registers the counters of requests: by route pattern, method and class of status (2xx).
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "feltbog_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "feltbog_http_request_seconds", Help: "Time from a request to the end of its answer, streams left out.",
			Buckets: []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"route", "method"}),
		streams: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "feltbog_http_streams", Help: "Live streams that are open now.",
		}),
	}
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.streams} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics: %w", err)
		}
	}
	return m, nil
}

func (m *Metrics) observe(route, method string, status int, took time.Duration) {
	if m == nil {
		return
	}
	if route == "" {
		route = "other" // pages, and addresses that don't exist
	}
	m.requests.WithLabelValues(route, method, fmt.Sprintf("%dxx", status/100)).Inc()
	if route != streamRoute && route != classStreamRoute && route != courseStreamRoute {
		m.seconds.WithLabelValues(route, method).Observe(took.Seconds())
	}
}

// streaming counts one open stream until the returned function is called.
func (m *Metrics) streaming() (end func()) {
	if m == nil {
		return func() {}
	}
	m.streams.Inc()
	return m.streams.Dec
}
