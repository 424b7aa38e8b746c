using System.Globalization;
using Tarn.DuckDb;
using Tarn.Engine.Functions;
using Tarn.Engine.Sessions;
using Tarn.Engine.Types;
using Tarn.Engine.Variants;

namespace Tarn.Engine;

/// <summary>
/// The DuckDB instance behind all sessions of one trust. One internal error invalidates a whole instance: the next caller gets a fresh one. Nothing but
/// caches lives in it, so nothing is lost.
/// </summary>
/// <param name="options">What a user tunes.</param>
/// <param name="trust">Which sessions it is for.</param>
/// <param name="relations">Relations made in C# that it knows.</param>
/// <param name="liveRows">Deleted positions that it may ask for.</param>
/// <param name="keptRows">Deleted keys that it may ask for.</param>
/// <param name="spill">Where an instance may put what does not fit into memory.</param>
internal sealed class EngineInstance(EngineOptions options, SessionTrust trust, RelationRegistry relations, LiveRows liveRows, KeptRows keptRows, SpillFolder spill) : IDisposable
{
    private readonly Lock gate = new();
    private DuckDbDatabase? database;

    /// <summary>A connection to a valid instance.</summary>
    public DuckDbConnection Connect()
    {
        lock (gate)
        {
            if (database is { IsInvalidated: true })
            {
                database.Dispose();
                database = null;
            }

            database ??= Open();
            return database.Connect();
        }
    }

    private DuckDbDatabase Open()
    {
        var opened = DuckDbDatabase.Open(settings: Settings());
        using var connection = opened.Connect();
        // Instants are shown and cut in UTC on every machine.
        connection.Execute("SET GLOBAL TimeZone = 'UTC'");
        // A query binds twice, when it is prepared and when it runs, and each time reads footers. The memory counts against the limit of the instance.
        connection.Execute("SET GLOBAL parquet_metadata_cache = true");
        foreach (var function in relations.Functions)
            connection.RegisterTableFunction(function);
        connection.RegisterScalarFunction(liveRows.Function);
        foreach (var function in keptRows.Functions)
            connection.RegisterScalarFunction(function);
        connection.RegisterScalarFunction(VariantText.Function);
        TransformFunctions.Register(connection);
        PlainTextFunctions.Register(connection);
        JsonShapeFunctions.Register(connection);
        if (trust == SessionTrust.Untrusted)
            Confine(connection);
        return opened;
    }

    // The second wall: what gets past the check of the parse tree still reaches no file but those of the lake. The order matters: folders first,
    // and nothing can be changed behind the lock.
    private void Confine(DuckDbConnection connection)
    {
        string folders = string.Join(", ", options.DataDirectories.Select(d => EngineSql.String(Path.TrimEndingDirectorySeparator(d) + Path.DirectorySeparatorChar)));
        connection.Execute($"SET GLOBAL allowed_directories = [{folders}]");
        connection.Execute("SET GLOBAL enable_external_access = false");
        connection.Execute("SET GLOBAL lock_configuration = true");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        database?.Dispose();
        spill.Dispose();
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            // Nothing is downloaded behind the user's back; what is needed is linked in.
            ["autoinstall_known_extensions"] = "false",
            ["autoload_known_extensions"] = "false",
            ["preserve_insertion_order"] = "true",
            ["partitioned_write_max_open_files"] = Writing.PartitionedCopy.MaxOpenFiles.ToString(CultureInfo.InvariantCulture),
        };
        if (options.Threads > 0)
            settings["threads"] = options.Threads.ToString(CultureInfo.InvariantCulture);
        if (options.MemoryLimitBytes > 0)
            settings["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{options.MemoryLimitBytes}B");
        settings["temp_directory"] = options.TempDirectory ?? spill.Path;
        return settings;
    }
}
