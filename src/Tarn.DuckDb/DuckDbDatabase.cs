using System.Runtime.InteropServices;
using Tarn.Core.Errors;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb;

/// <summary>
/// One DuckDB instance: its catalog, buffer pool, threads and settings. Safe to use from several threads; connections made of it are not.
/// </summary>
public sealed class DuckDbDatabase : IDisposable
{
    private readonly DatabaseHandle _handle;
    private volatile bool _invalidated;

    private DuckDbDatabase(DatabaseHandle handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    /// <summary>The path that was opened.</summary>
    public string Path { get; }

    /// <summary>
    /// True after an internal or fatal error: DuckDB then refuses every statement of this instance. Dispose it and open another.
    /// </summary>
    public bool IsInvalidated => _invalidated;

    /// <summary>The version of the native library, as <c>v1.5.6</c>.</summary>
    /// <exception cref="TarnException">The native library is missing (<see cref="ErrorKind.Unavailable"/>).</exception>
    public static string LibraryVersion
    {
        get
        {
            NativeLibraryLocation.EnsureLoaded();
            return Marshal.PtrToStringUTF8(NativeMethods.duckdb_library_version()) ?? "";
        }
    }

    internal DatabaseHandle Handle => _handle;

    /// <summary>Opens a database file, creating it when it does not exist, or an empty database in memory.</summary>
    /// <param name="path">A file path, or <c>:memory:</c> for an instance of its own in memory.</param>
    /// <param name="settings">
    /// <see href="https://duckdb.org/docs/stable/configuration/overview">Configuration options</see> by name, such as
    /// <c>threads</c>, <c>memory_limit</c>, <c>enable_external_access</c>.
    /// </param>
    /// <exception cref="DuckDbException">The file cannot be opened, or a setting or its value is not known.</exception>
    /// <exception cref="TarnException">The native library is missing (<see cref="ErrorKind.Unavailable"/>).</exception>
    public static DuckDbDatabase Open(string path = ":memory:", IReadOnlyDictionary<string, string>? settings = null)
    {
        NativeLibraryLocation.EnsureLoaded();
        NativeMethods.duckdb_create_config(out var config);
        try
        {
            foreach (var (name, value) in settings ?? new Dictionary<string, string>())
                if (NativeMethods.duckdb_set_config(config, name, value) != NativeState.Success)
                    throw new DuckDbException(DuckDbErrorType.InvalidConfiguration,
                        $"DuckDB refuses the setting '{name}' with the value '{value}'. Its settings are listed by `SELECT * FROM duckdb_settings()`.", null);
            if (NativeMethods.duckdb_open_ext(path, out var handle, config, out var error) == NativeState.Success)
                return new DuckDbDatabase(handle, path);
            handle.Dispose();
            throw DuckDbErrors.Create(DuckDbErrorType.Invalid, NativeMethods.TakeString(error), null);
        }
        finally
        {
            NativeMethods.duckdb_destroy_config(ref config);
        }
    }

    /// <summary>Opens a connection: a session with its own transaction, variables and temporary tables.</summary>
    /// <exception cref="DuckDbException">The instance refuses connections.</exception>
    public DuckDbConnection Connect()
    {
        if (NativeMethods.duckdb_connect(_handle, out var connection) == NativeState.Success)
            return new DuckDbConnection(this, connection);
        connection.Dispose();
        throw new DuckDbException(DuckDbErrorType.Connection, $"The database '{Path}' accepts no connection.", null);
    }

    /// <summary>
    /// Asks <paramref name="resolve"/> about every table name that DuckDB does not find: it gets the last part of the name and gives the call of
    /// a table function to put in its place, or null. It runs while a statement is planned, so it must not use that connection.
    /// </summary>
    public void AddReplacementScan(Func<string, DuckDbReplacement?> resolve) =>
        new ReplacementScanCallback(resolve, CallbackFailures).Register(_handle);

    /// <summary>The errors that callbacks of this instance threw lately.</summary>
    internal CallbackFailures CallbackFailures { get; } = new();

    /// <summary>Remembers an error that makes the whole instance unusable.</summary>
    internal Exception Note(Exception error)
    {
        if (error is DuckDbException { InvalidatesInstance: true })
            _invalidated = true;
        return error;
    }

    /// <summary>Closes the instance as soon as its last connection is closed.</summary>
    public void Dispose() => _handle.Dispose();
}
