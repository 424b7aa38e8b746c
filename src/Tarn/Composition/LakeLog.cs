using Tarn.Configuration;
using Tarn.Metastore;
using Tarn.Metastore.Embedded;
using Tarn.Metastore.Postgres;

namespace Tarn.Composition;

/// <summary>The commit log of a lake: in the data folder, or in PostgreSQL when the configuration names one.</summary>
internal sealed class LakeLog : IDisposable
{
    private readonly IDisposable _opened;

    private LakeLog(ICommitLog log, IDisposable opened) => (Log, _opened) = (log, opened);

    /// <summary>The log.</summary>
    public ICommitLog Log { get; }

    /// <summary>The log where it is in PostgreSQL; else null.</summary>
    public PostgresCommitLog? Postgres => Log as PostgresCommitLog;

    /// <summary>Opens it; touches nothing.</summary>
    /// <param name="metastoreFolder">Where it lies in the data folder.</param>
    /// <param name="postgres">The PostgreSQL that has it instead, or null.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="say">Told what a commit waits for; null for nobody.</param>
    public static LakeLog Open(string metastoreFolder, PostgresOptions? postgres, TimeProvider? time = null, Action<string>? say = null)
    {
        if (postgres is not null)
        {
            var shared = new PostgresCommitLog(postgres, time);
            return new LakeLog(shared, shared);
        }

        var embedded = new EmbeddedCommitLog(metastoreFolder, time: time, onWaiting: say is null ? null : wait => say($"waiting for {wait.Holder} to finish its commit"));
        return new LakeLog(embedded, embedded);
    }

    /// <summary>The PostgreSQL of a configuration, or null when it names none.</summary>
    public static PostgresOptions? PostgresOf(TarnConfiguration configuration) =>
        configuration.Get(ConfigurationKeys.MetastorePostgres) is { Length: > 0 } text ? PostgresOptions.Parse(text, configuration.Get(ConfigurationKeys.MetastoreSchema)) : null;

    /// <inheritdoc/>
    public void Dispose() => _opened.Dispose();
}
