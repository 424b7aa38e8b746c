import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;

/** Runs the mains of the readers many times in one process: each line of the input is a key, a class and arguments, separated by tabs. */
public class Batch {
  static class Exit extends SecurityException {
    final int code;
    Exit(int code) { this.code = code; }
  }

  static class NoExit extends SecurityManager {
    boolean open;
    public void checkPermission(java.security.Permission permission) { }
    public void checkPermission(java.security.Permission permission, Object context) { }
    public void checkExit(int code) { if (!open) throw new Exit(code); }
  }

  public static void main(String[] arguments) throws Exception {
    NoExit guard = new NoExit();
    System.setSecurityManager(guard);
    PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, "UTF-8");
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] words = line.split("\t");
      String[] rest = new String[words.length - 2];
      System.arraycopy(words, 2, rest, 0, rest.length);
      out.println("##BEGIN\t" + words[0]);
      java.io.ByteArrayOutputStream errors = new java.io.ByteArrayOutputStream();
      System.setErr(new PrintStream(errors, true, "UTF-8"));
      int code = run(words[1], rest);
      out.println("##END\t" + code + "\t" + errors.toString("UTF-8").replace("\n", " | "));
    }
    guard.open = true;
    System.exit(0);
  }

  static int run(String name, String[] arguments) throws Exception {
    forget("fields");
    forget("names");
    Method main = Class.forName(name).getMethod("main", new Class[] { String[].class });
    try {
      main.invoke(null, new Object[] { arguments });
      return 0;
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Exit) return ((Exit) e.getCause()).code;
      throw e;
    }
  }

  static void forget(String field) throws Exception {
    Field f = Class.forName("org.apache.iceberg.InspectTable").getDeclaredField(field);
    f.setAccessible(true);
    ((Map) f.get(null)).clear();
  }
}
