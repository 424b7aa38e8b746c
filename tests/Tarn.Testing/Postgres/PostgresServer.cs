using System.Diagnostics;
using System.Globalization;
using Tarn.Metastore.Postgres;
using Tarn.Testing.Net;

namespace Tarn.Testing.Postgres;

/// <summary>A PostgreSQL of our own from what Debian installs: a private cluster in a temporary folder, on the loopback, with a password.</summary>
public sealed class PostgresServer : IDisposable
{
    /// <summary>The superuser.</summary>
    public const string User = "tarn";

    /// <summary>Its password: odd enough to need escapes, and to be found wherever it must not stand.</summary>
    public const string Password = "p@ss:w/rd#1";

    private const int ReadyTimeoutSeconds = 120;

    private readonly string _folder = Directory.CreateTempSubdirectory("tarn-pg-").FullName;
    private readonly string _programs;

    private PostgresServer(string programs, int port) => (_programs, Port) = (programs, port);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port { get; }

    private string Data => Path.Join(_folder, "data");

    /// <summary>Starts one; null, said loudly, where PostgreSQL is not installed.</summary>
    /// <param name="isDurable">Whether commits reach the disk, which only measurements need.</param>
    public static PostgresServer? TryStart(bool isDurable = false)
    {
        string? programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Join(d, "bin")).LastOrDefault(d => File.Exists(Path.Join(d, "initdb")))
            : null;
        if (programs is null)
        {
            LoudSkip.Say("no PostgreSQL on this machine (Debian: postgresql); the metastore was not tried on it.");
            return null;
        }

        var server = new PostgresServer(programs, FreePort.Find());
        try
        {
            server.Create(isDurable);
            server.Start();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>A connection to it.</summary>
    /// <param name="port">Where a proxy listens; null for the server itself.</param>
    public string Address(int? port = null) =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{port ?? Port}/postgres?sslmode=disable");

    /// <summary>The authority that its certificate is of, as a PEM file.</summary>
    public string Authority => Path.Join(_folder, "ca.crt");

    /// <summary>A connection to it over TLS.</summary>
    /// <param name="mode"><c>sslmode</c>.</param>
    /// <param name="authority">PEM file of the authority that is trusted; null names none.</param>
    /// <param name="host">Under which name it is reached; its certificate is for 127.0.0.1.</param>
    public string TlsAddress(string mode, string? authority = null, string host = "127.0.0.1") => string.Create(
        CultureInfo.InvariantCulture,
        $"postgres://{User}:{Uri.EscapeDataString(Password)}@{host}:{Port}/postgres?sslmode={mode}{(authority is null ? "" : $"&sslrootcert={Uri.EscapeDataString(authority)}")}");

    /// <summary>Options for a schema that nobody else uses.</summary>
    public PostgresOptions NewSchema() => PostgresOptions.Parse(Address(), NewSchemaName());

    /// <summary>A name that no other schema has.</summary>
    public static string NewSchemaName() => $"t{Guid.NewGuid():N}";

    /// <summary>Starts it.</summary>
    public void Start() => Run("pg_ctl", "-D", Data, "-w", "-t", $"{ReadyTimeoutSeconds}", "-l", Path.Join(_folder, "log"), "start");

    /// <summary>Stops it at once, as a crash would: what was acknowledged is recovered at the next start.</summary>
    public void Crash() => Run("pg_ctl", "-D", Data, "-w", "-t", $"{ReadyTimeoutSeconds}", "-m", "immediate", "stop");

    public void Dispose()
    {
        if (File.Exists(Path.Join(Data, "postmaster.pid")))
            Crash();
        Directory.Delete(_folder, recursive: true);
    }

    private void Create(bool isDurable)
    {
        string password = Path.Join(_folder, "password");
        File.WriteAllText(password, Password);
        ServerCertificate.Write(_folder);
        if (Environment.UserName == "root")
            Execute("chown", ["-R", "postgres", _folder]);
        Run("initdb", "-D", Data, "-U", User, "--auth=scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C", "--no-sync");
        File.AppendAllText(Path.Join(Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""

            listen_addresses = '127.0.0.1'
            port = {Port}
            unix_socket_directories = '{_folder}'
            ssl = on
            ssl_cert_file = '{Path.Join(_folder, "server.crt")}'
            ssl_key_file = '{Path.Join(_folder, "server.key")}'
            fsync = {(isDurable ? "on" : "off")}
            log_min_messages = warning

            """));
    }

    // PostgreSQL refuses to run as root.
    private void Run(string program, params string[] words)
    {
        string path = Path.Join(_programs, program);
        if (Environment.UserName == "root")
            Execute("runuser", ["-u", "postgres", "--", path, .. words]);
        else
            Execute(path, words);
    }

    private static void Execute(string program, string[] words)
    {
        // Not read through pipes: the server would keep them open.
        string output = Path.GetTempFileName();
        try
        {
            string line = string.Join(' ', words.Prepend(program).Select(w => $"'{w}'"));
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"cd / && {line} >'{output}' 2>&1 </dev/null"]))!;
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"'{line}' ended with {process.ExitCode}: {File.ReadAllText(output)}");
        }
        finally
        {
            File.Delete(output);
        }
    }
}
