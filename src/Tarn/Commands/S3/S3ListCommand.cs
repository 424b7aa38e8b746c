using Tarn.CommandLine;
using Tarn.Output;
using Tarn.Storage.Transfer;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 ls</c>: buckets, or what is in one.</summary>
internal static class S3ListCommand
{
    public static CommandSpec Spec { get; } = new("s3 ls", "list buckets, folders and objects")
    {
        Arguments = [new ArgumentSpec("PLACE", "s3://bucket/prefix or ALIAS:bucket/prefix (default: s3://, all buckets)") { Optional = true }],
        Options = [new OptionSpec("recursive", null, "all objects instead of folders") { Letter = 'r' }, .. S3Places.Options],
        Examples =
        [
            new("tarn s3 ls", "the buckets of the local server"),
            new("tarn s3 ls s3://lake/sales/", "a folder"),
            new("tarn s3 ls prod:raw -r --format ndjson", "every object at a named service, for a program"),
        ],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindRemote(context.Words.Argument(0) ?? "s3://");
        bool forPeople = context.Format == "table";
        var rows = place.Bucket.Length == 0
            ? await BucketsAsync(place, forPeople, cancellationToken)
            : await ObjectsAsync(place, context.Words.Has("recursive") ? null : "/", forPeople, cancellationToken);
        await using var result = new RowsResult(
            [RowsResult.Text("name"), forPeople ? RowsResult.Text("size") : RowsResult.Number("size_bytes"), forPeople ? RowsResult.Text("last_modified") : RowsResult.Instant("last_modified")],
            rows);
        await ResultWriter.WriteAllAsync(result, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<List<object?[]>> BucketsAsync(S3End place, bool forPeople, CancellationToken cancellationToken)
    {
        var found = await place.Service.CallAsync(client => client.ListBucketsAsync(cancellationToken), "Cannot list the buckets");
        return [.. (found.Buckets ?? []).Select(bucket => new object?[] { bucket.BucketName, forPeople ? "" : null, Instant(bucket.CreationDate, forPeople) })];
    }

    private static async Task<List<object?[]>> ObjectsAsync(S3End place, string? delimiter, bool forPeople, CancellationToken cancellationToken)
    {
        var rows = new List<object?[]>();
        await foreach (var page in place.Service.ListPagesAsync(place.Bucket, place.Key, delimiter, cancellationToken))
        {
            rows.AddRange((page.CommonPrefixes ?? []).Select(prefix => forPeople ? [prefix, "", ""] : new object?[] { prefix, null, null }));
            rows.AddRange((page.S3Objects ?? []).Select(found => new object?[]
            {
                found.Key, forPeople ? Quantity.Bytes(found.Size ?? 0) : found.Size ?? 0, Instant(found.LastModified, forPeople),
            }));
        }

        return rows;
    }

    // What folders and buckets lack is blank for people and null for programs.
    private static object Instant(DateTime? time, bool forPeople) => forPeople
        ? Quantity.Instant(S3Service.Time(time))
        : RowsResult.InstantOf(S3Service.Time(time).ToUnixTimeMilliseconds());
}
