using System.Globalization;
using Tarn.Access;
using Tarn.Access.Auditing;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Output;

namespace Tarn.Commands.Access;

/// <summary><c>tarn audit</c>: who did what, and what was refused to whom.</summary>
internal static class AuditCommand
{
    private const int DefaultLimit = 50;

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
        ],
        Examples =
        [
            new("tarn audit", "the last events"),
            new("tarn audit --denied --since 24h", "what was refused since yesterday"),
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
        var last = new Queue<AuditEvent>();
        await foreach (var line in new AuditReader(AccessServices.AuditFolder(LakeOptions.Of(words).DataFolder)).ReadAsync(query, cancellationToken))
        {
            if (last.Count == limit)
                last.Dequeue();
            last.Enqueue(line);
        }

        await using var rows = new RowsResult(
            [
                RowsResult.Instant("time"), RowsResult.Text("outcome"), RowsResult.Text("principal"), RowsResult.Text("action"), RowsResult.Text("resource"),
                RowsResult.Text("source"), RowsResult.Text("reason"), RowsResult.Text("access_key"), RowsResult.Text("request_id"),
            ],
            [.. last.OrderBy(e => e.Time).Select(Row)]);
        await ResultWriter.WriteAllAsync(rows, context.Format, context.Streams, expanded: false, cancellationToken);
        if (last.Count == limit)
            context.Say(string.Create(CultureInfo.InvariantCulture, $"The last {limit} events are shown; --limit shows more."));
        return ExitCode.Done;
    }

    private static object?[] Row(AuditEvent e) =>
        [IdentityOptions.Instant(e.Time), e.IsAllowed ? "allowed" : "denied", e.Principal, e.Action, e.Resource, e.Source, e.Reason, e.AccessKeyId, e.RequestId];
}
