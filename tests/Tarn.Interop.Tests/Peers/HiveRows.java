import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.common.type.Date;
import org.apache.hadoop.hive.common.type.HiveDecimal;
import org.apache.hadoop.hive.common.type.Timestamp;
import org.apache.hadoop.hive.serde2.AbstractSerDe;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorUtils;
import org.apache.hadoop.io.Text;

/** Reads lines with a SerDe of Hive: the arguments are its class and properties as KEY=VALUE; each line of the input is a row in base64, each of the output its columns, separated by tabs, in base64 too. */
public class HiveRows {
  public static void main(String[] arguments) throws Exception {
    Properties properties = new Properties();
    for (int i = 1; i < arguments.length; i++) {
      int equal = arguments[i].indexOf('=');
      properties.setProperty(arguments[i].substring(0, equal), arguments[i].substring(equal + 1));
    }
    AbstractSerDe serDe = (AbstractSerDe) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
    serDe.initialize(new Configuration(false), properties);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false, "US-ASCII");
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Object row = serDe.deserialize(new Text(Base64.getDecoder().decode(line)));
      List<String> columns = new ArrayList<>();
      for (Object value : (List<?>) ObjectInspectorUtils.copyToStandardJavaObject(row, serDe.getObjectInspector()))
        columns.add(value == null ? "-" : Base64.getEncoder().encodeToString(text(value).getBytes(StandardCharsets.UTF_8)) + "=");
      out.println(String.join("\t", columns));
    }
    out.flush();
  }

  static String text(Object value) {
    if (value instanceof Date) return Long.toString(((Date) value).toEpochDay());
    if (value instanceof Timestamp) return Long.toString(Math.addExact(Math.multiplyExact(((Timestamp) value).toEpochSecond(), 1000000L), ((Timestamp) value).getNanos() / 1000));
    if (value instanceof HiveDecimal) return ((HiveDecimal) value).bigDecimalValue().setScale(2).toPlainString();
    return value instanceof List || value instanceof Map ? json(value) : value.toString();
  }

  static String json(Object value) {
    if (value == null) return "null";
    if (value instanceof List) {
      List<String> items = new ArrayList<>();
      for (Object item : (List<?>) value) items.add(json(item));
      return "[" + String.join(",", items) + "]";
    }
    if (value instanceof Map) {
      List<String> entries = new ArrayList<>();
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) entries.add(json(entry.getKey()) + ":" + json(entry.getValue()));
      return "{" + String.join(",", entries) + "}";
    }
    return value instanceof String ? "\"" + ((String) value).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"" : value.toString();
  }
}
