import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A visit by Java's HttpClient: Visit BASE AUTHORITY STEPS, as by_program.py writes them.
 * The client is as it comes: it offers h2 under TLS and asks for h2c in the clear.
 */
public class Visit {
  static SSLContext trusting(String authority) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    try (FileInputStream pem = new FileInputStream(authority)) {
      store.setCertificateEntry("ca",
          CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  static BodyPublisher body(String mode, String file) throws Exception {
    if (mode.equals("none")) return BodyPublishers.noBody();
    byte[] data = Files.readAllBytes(Path.of(file));
    if (mode.equals("chunked")) {
      return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(data));
    }
    return BodyPublishers.ofByteArray(data);
  }

  static void report(String name, HttpResponse<byte[]> answer) throws Exception {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(answer.body());
    System.out.printf("step %s\nstatus %d\nsha256 %s\nlength %d\n", name, answer.statusCode(),
        HexFormat.of().formatHex(sum), answer.body().length);
    answer.headers().map().forEach(
        (field, values) -> System.out.printf("field %s: %s\n", field, values.get(0)));
  }

  public static void main(String[] arguments) throws Exception {
    CookieManager cookies = new CookieManager();
    HttpClient client = HttpClient.newBuilder()
        .sslContext(trusting(arguments[1]))
        .followRedirects(HttpClient.Redirect.NORMAL)
        .cookieHandler(cookies)
        .build();
    for (String line : Files.readAllLines(Path.of(arguments[2]))) {
      String[] step = line.split("\t");
      if (step[5].equals("fresh")) cookies.getCookieStore().removeAll();
      HttpRequest.Builder asked = HttpRequest.newBuilder(URI.create(arguments[0] + step[2]))
          .method(step[1], body(step[3], step[4]))
          .timeout(Duration.ofSeconds(20));
      for (int at = 6; at < step.length; at++) {
        String[] pair = step[at].split(": ", 2);
        if (pair[0].equals("Expect")) {
          asked.expectContinue(true);
        } else {
          asked.header(pair[0], pair[1]);
        }
      }
      report(step[0], client.send(asked.build(), BodyHandlers.ofByteArray()));
    }
  }
}
