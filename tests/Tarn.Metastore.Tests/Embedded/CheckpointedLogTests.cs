using Tarn.Metastore.Embedded;
using Tarn.Testing.Contracts;
using Tarn.Testing.Files;

namespace Tarn.Metastore.Tests.Embedded;

/// <summary>The log with a checkpoint after every commit: what is opened comes from the checkpoint.</summary>
public sealed class CheckpointedLogTests : CommitLogContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<EmbeddedCommitLog> _opened = [];

    public void Dispose()
    {
        _opened.ForEach(l => l.Dispose());
        _folder.Dispose();
    }

    protected override ICommitLog Open()
    {
        var log = new EmbeddedCommitLog(_folder["meta"]) { CheckpointEveryBytes = 0 };
        lock (_opened)
            _opened.Add(log);
        return log;
    }
}
