using Tarn.Access;
using Tarn.Core.Caching;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// Asks about keys for the files of a table, each time that they are used, what was asked when they were given: whether their holder may have all that is in its
/// folders. What came there since is not opened by them. The answer is kept as long as nothing was put anywhere and no right has changed.
/// </summary>
/// <param name="warehouses">The catalogs.</param>
/// <param name="time">The clock.</param>
internal sealed class GrantReview(IWarehouses warehouses, TimeProvider time) : IGrantReview
{
    /// <summary>Most keys whose answers are kept.</summary>
    public const int MaxKept = 4096;

    // Conditions of policies may ask for the time, which changes without a commit.
    private static readonly TimeSpan s_keep = TimeSpan.FromSeconds(1);

    private readonly ForgetfulCache<string, Answer> _kept = new(MaxKept);

    /// <inheritdoc/>
    public async ValueTask<string?> FindRefusalAsync(Caller caller, string action, CancellationToken cancellationToken = default)
    {
        if (caller is not { GrantSubject: { } subject, Holder: { } holder })
            throw new ArgumentException($"{caller.Arn} acts with nothing that the catalog has granted.", nameof(caller));
        object mark = await warehouses.ReadMarkAsync(cancellationToken);
        if (!_kept.TryGet(caller.AccessKeyId, out var answer) || !ReferenceEquals(answer.Mark, mark) || (time.GetUtcNow() - answer.At).Duration() >= s_keep)
        {
            var (at, table) = (time.GetUtcNow(), GrantedTable.Parse(subject));
            answer = new Answer(mark, at, table, await FindGrantAsync(table, holder, cancellationToken));
            _kept.Set(caller.AccessKeyId, answer);
        }

        return answer.Grant?.Allows(action) == true ? null
            : $"The keys were given for the files of the table {answer.Table.Identifier} of {answer.Table.Warehouse}, and {action} is not open to their holder there now: by what has come to lie in its folder since, "
                + "or by the rights on it. Load the table again for keys as they are given now.";
    }

    private async ValueTask<TableGrant?> FindGrantAsync(GrantedTable table, Caller holder, CancellationToken cancellationToken) =>
        await warehouses.FindAsync(table.Warehouse, table.SessionOf(holder), cancellationToken) is IDataAccess access
        && await DataAccess.FindGrantAsync(access, table, table.Folders, cancellationToken) is { } grant
        && grant.Folders.Count == table.Folders.Count
            ? grant
            : null;

    private sealed record Answer(object Mark, DateTimeOffset At, GrantedTable Table, TableGrant? Grant);
}
