using System.Globalization;
using System.Runtime.CompilerServices;
using Tarn.Access;
using Tarn.Access.Auditing;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Engine.Sessions;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn audit</c>: who did what, and what was refused to whom.</summary>
internal static class AuditCommand
{
    // Of events that come at once, this many are put in order and shown together.
    private const int DefaultLimit = 50, PageEvents = 1_000;

    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly IReadOnlyList<ResultColumn> s_columns =
    [
        RowsResult.Instant("time"), RowsResult.Text("outcome"), RowsResult.Text("principal"), RowsResult.Text("action"), RowsResult.Text("resource"),
        RowsResult.Text("source"), RowsResult.Text("reason"), RowsResult.Text("access_key"), RowsResult.Text("request_id"),
    ];

    public static CommandSpec Spec { get; } = new("audit", "show the audit trail: who did what, from where, allowed or not, and why")
    {
        Options =
        [
            new("denied", null, "only what was refused"),
            new("who", "TEXT", "part of the ARN, or an access key"),
            new("action", "PATTERN", "e.g. s3:Put*"),
            new("resource", "PATTERN", "e.g. arn:aws:s3:::lake/*"),
            new("since", "TIME", "of the last e.g. 30m, 12h or 7d"),
            new("limit", "N", "the last N events (default: 50)"),
            new("follow", null, "go on with events as they come, until Ctrl-C"),
        ],
        Examples =
        [
            new("tarn audit", "the last events"),
            new("tarn audit --denied --since 24h", "what was refused since yesterday"),
            new("tarn audit --denied --follow", "what is refused, as it happens"),
            new("tarn audit --action 'iam:*' --format ndjson --limit 1M", "every change of identities, for a program"),
        ],
        Run = RunAsync,
    };

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var words = context.Words;
        var since = IdentityOptions.Duration(words, "since") is { } length ? TimeProvider.System.GetUtcNow() - length : (DateTimeOffset?)null;
        var query = new AuditQuery(since, words.Value("who"), words.Value("action"), words.Value("resource"), words.Has("denied") ? false : null);
        int limit = (int)Math.Min(words.Number("limit", 1) ?? DefaultLimit, int.MaxValue);
        bool follows = words.Has("follow");
        if (follows && context.Format == "json")
            throw new UsageException("--format json is one array, and with --follow it would never end; --format ndjson has an object a line");
        var events = new AuditFollower(AccessServices.AuditFolder(LakeOptions.Of(words).DataFolder), query);
        var last = await LastAsync(events, limit, cancellationToken);
        await using StatementResult rows = follows ? new ComingRows(s_columns, PagesAsync(events, last, cancellationToken)) : new RowsResult(s_columns, last);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken, isLive: follows);
        if (last.Count == limit)
            context.Say(string.Create(CultureInfo.InvariantCulture, $"The last {limit} events are shown; --limit shows more."));
        return ExitCode.Done;
    }

    private static async Task<IReadOnlyList<object?[]>> LastAsync(AuditFollower events, int limit, CancellationToken cancellationToken)
    {
        var last = new Queue<AuditEvent>();
        await foreach (var found in events.ReadNewAsync(cancellationToken))
        {
            if (last.Count == limit)
                last.Dequeue();
            last.Enqueue(found);
        }

        return Rows(last);
    }

    // Ends by being cancelled.
    private static async IAsyncEnumerable<IReadOnlyList<object?[]>> PagesAsync(AuditFollower events, IReadOnlyList<object?[]> last, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return last;
        using var timer = new PeriodicTimer(s_lookEvery);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            await foreach (var page in events.ReadNewAsync(cancellationToken).Chunk(PageEvents).WithCancellation(cancellationToken))
                yield return Rows(page);
        }
    }

    private static IReadOnlyList<object?[]> Rows(IEnumerable<AuditEvent> events) => [.. events.OrderBy(e => e.Time).Select(Row)];

    private static object?[] Row(AuditEvent e) =>
        [IdentityOptions.Instant(e.Time), e.IsAllowed ? "allowed" : "denied", e.Principal, e.Action, e.Resource, e.Source, e.Reason, e.AccessKeyId, e.RequestId];
}
