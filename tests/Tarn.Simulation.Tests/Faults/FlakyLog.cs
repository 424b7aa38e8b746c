using Tarn.Core.Errors;
using Tarn.Metastore;
using Tarn.Storage.Faults;

namespace Tarn.Simulation.Tests.Faults;

/// <summary>A log some of whose commits fail, and some of whose replies are lost after the commit has landed.</summary>
internal sealed class FlakyLog(ICommitLog inner, Dice dice) : ICommitLog
{
    public ValueTask<LogState> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public async ValueTask<CommitRecord> AppendAsync(CommitRequest request, CancellationToken cancellationToken = default)
    {
        if (dice.Falls(0.1))
            throw new TarnException(ErrorKind.Unavailable, "Injected: not applied.");
        var commit = await inner.AppendAsync(request, cancellationToken);
        return dice.Falls(0.15) ? throw new CommitStateUnknownException("Injected: applied, and the reply lost.") : commit;
    }

    public IAsyncEnumerable<CommitRecord> ReadHistoryAsync(long fromNumber = 1, CancellationToken cancellationToken = default) =>
        inner.ReadHistoryAsync(fromNumber, cancellationToken);
}

/// <summary>Chance from a seed, shared by threads.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);
    private int _faults;

    public int Faults => _faults;

    public bool Falls(double chance)
    {
        lock (_random)
        {
            bool falls = _random.NextDouble() < chance;
            _faults += falls ? 1 : 0;
            return falls;
        }
    }

    public StoreFault? StoreFault() => Falls(0.05) ? new StoreFault(ErrorKind.Unavailable, Falls(0.5)) : null;
}
