using Tarn.Access;
using Tarn.Core.Caching;
using Tarn.Metastore.Authorization;

namespace Tarn.Catalog.Rest.Credentials;

/// <summary>
/// Asks about keys for the files of a table, each time that they are used, what was asked when they were given: whether their holder may have all that is in its
/// folders. What came there since is not opened by them, and files that are needed elsewhere are removed by none. An answer holds as long as nothing was put anywhere and no right has changed, and at most a second where
/// policies ask for the time; requests that come together wait for one answer.
/// </summary>
/// <param name="warehouses">The catalogs.</param>
/// <param name="access">Tells whose rights depend on the time.</param>
/// <param name="time">The clock.</param>
internal sealed class GrantReview(IWarehouses warehouses, IAccessControl access, TimeProvider time) : IGrantReview
{
    /// <summary>Most keys whose answers are kept.</summary>
    public const int MaxKept = 4096;

    // Conditions on the time change what they say without a commit.
    private static readonly TimeSpan s_keepTimed = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ForgetfulCache<string, Question> _kept = new(MaxKept);

    /// <inheritdoc/>
    public async ValueTask<string?> FindRefusalAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default)
    {
        var answer = await AskAsync(caller, cancellationToken);
        if (answer.Grant?.Allows(action) != true)
            return Describe(answer, action);
        return await FindRemovalAsync(answer.Grant, caller, action, resource, cancellationToken) is var (data, table, file)
            ? await data.FindNeedAsync(table.Identifier, table.Folders, file, cancellationToken)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask NoteRefusedAsync(Caller caller, string action, string resource, CancellationToken cancellationToken = default)
    {
        // Also who may not remove what other branches need: a purge keeps that.
        if ((await AskAsync(caller, cancellationToken)).Grant is { CanWrite: true } grant
            && await FindRemovalAsync(grant, caller, action, resource, cancellationToken) is var (data, table, file))
            await data.NoteRemovalAsync(table.Identifier, table.Folders, file, cancellationToken);
    }

    private static string Describe(Answer answer, string action)
    {
        const string Again = "Load the table again for keys as they are given now.";
        string given = $"The keys were given for the files of the table {answer.Table.Identifier} of {answer.Table.Warehouse}", refused = $"{given}, and {action} is not open to their holder there now:";
        var needed = TableGrant.NeededFor(action);
        if (needed == DataRights.None)
            return $"{given}, and {action} is nothing that such keys open.";
        if (answer.Limits is not { } limits)
            return $"{refused} {answer.Table.Warehouse} is gone.";
        if (limits.MissingFor(needed) != DataRights.None)
            return $"{limits.Of(needed)} {given}, and {action} takes that right: load the table again when it is there.";
        if (limits.Files.Limit is { } limit)
            return $"{refused} {limit} {Again}";
        return answer.Grant is { CanWrite: true, CanReplace: false }
            ? $"{refused} {GrantLimits.OtherBranches}."
            : $"{refused} not all of its folders lie below an allowed location. {Again}";
    }

    // What another branch has of the table, the client that removes a file cannot know. All else is nobody's but the table's.
    private async ValueTask<(IDataAccess Data, GrantedTable Table, string File)?> FindRemovalAsync(TableGrant grant, Caller caller, string action, string resource, CancellationToken cancellationToken) =>
        action == TableGrant.Removing && grant.LocationOf(resource) is { } location
        && await warehouses.FindAsync(grant.Table.Warehouse, grant.Table.SessionOf(caller.Holder!), cancellationToken) is IDataAccess data
            ? (data, grant.Table, location)
            : null;

    private async ValueTask<Answer> AskAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (caller is not { GrantSubject: { } subject, Holder: { } holder })
            throw new ArgumentException($"{caller.Arn} acts with nothing that the catalog has granted.", nameof(caller));
        object mark = await warehouses.ReadMarkAsync(cancellationToken);
        // Who gives up waiting leaves the question to the others.
        return await Ask(caller.AccessKeyId, mark, subject, holder).Answer.WaitAsync(cancellationToken);
    }

    private Question Ask(string key, object mark, string subject, Caller holder)
    {
        if (_kept.TryGet(key, out var asked) && IsGood(asked, mark))
            return asked;
        lock (_gate)
        {
            if (_kept.TryGet(key, out asked) && IsGood(asked, mark))
                return asked;
            asked = new Question(mark, time.GetUtcNow(), Task.Run(() => FindAsync(GrantedTable.Parse(subject), holder)));
            _kept.Set(key, asked);
            return asked;
        }
    }

    // No answer is none to keep.
    private bool IsGood(Question asked, object mark) => ReferenceEquals(asked.Mark, mark) && asked.Answer switch
    {
        { IsCompleted: false } => true,
        { IsCompletedSuccessfully: true, Result.IsTimed: var isTimed } => !isTimed || (time.GetUtcNow() - asked.At).Duration() < s_keepTimed,
        _ => false,
    };

    private async Task<Answer> FindAsync(GrantedTable table, Caller holder)
    {
        bool isTimed = await access.AsksForTimeAsync(holder);
        if (await warehouses.FindAsync(table.Warehouse, table.SessionOf(holder)) is not IDataAccess data)
            return new Answer(table, null, isTimed, null);
        var files = await data.FindFileRightsAsync(table.Identifier, table.Folders, CancellationToken.None);
        var grant = DataAccess.GrantOf(table, files) is { } found && found.Folders.Count == table.Folders.Count ? found : null;
        return new Answer(table, grant, isTimed, new GrantLimits(data, table.Identifier, files));
    }

    private sealed record Question(object Mark, DateTimeOffset At, Task<Answer> Answer);

    private sealed record Answer(GrantedTable Table, TableGrant? Grant, bool IsTimed, GrantLimits? Limits);
}
