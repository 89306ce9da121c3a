# As a proxy: nothing is cached, every request goes to the backend. Varnish adds
# X-Forwarded-For by itself and has a thread for each busy connection, not workers.
vcl 4.1;
backend blue {
  .host = "127.0.0.1";
  .port = "$origin_port";
  .connect_timeout = 1s;
  .first_byte_timeout = 30s;
  .probe = { .url = "/healthz"; .interval = 2s; .timeout = 1s; }
}
sub vcl_recv {
  return (pass);
}
