using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Core.Text;
using Tarn.Output;
using Tarn.Storage.Transfer;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 stat</c>: all that is known of an object.</summary>
internal static class S3StatCommand
{
    public static CommandSpec Spec { get; } = new("s3 stat", "show size, time, ETag, version and metadata of an object")
    {
        Arguments = [new ArgumentSpec("OBJECT", "s3://bucket/key or ALIAS:bucket/key")],
        Options = S3Places.Options,
        Examples = [new("tarn s3 stat s3://raw/orders.csv", "one object")],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindObject(context.Words.Arguments[0]);
        var head = await place.Service.FindAsync(place.Bucket, place.Key, cancellationToken)
            ?? throw TarnException.NotFound($"There is no object '{place.Text}'.");
        var rows = new List<object?[]>
        {
            new object?[] { "size_bytes", $"{head.ContentLength}" },
            new object?[] { "last_modified", head.LastModified is null ? "" : IsoTime.Seconds(S3Service.Time(head.LastModified)) },
            new object?[] { "etag", head.ETag },
            new object?[] { "content_type", head.Headers.ContentType },
        };
        if (head.VersionId is { Length: > 0 } version)
            rows.Add(["version_id", version]);
        if (head.Headers.ContentEncoding is { Length: > 0 } encoding)
            rows.Add(["content_encoding", encoding]);
        rows.AddRange(head.Metadata.Keys.Select(name => new object?[] { name, head.Metadata[name] }));
        await using var result = new RowsResult([RowsResult.Text("property"), RowsResult.Text("value")], rows);
        await ResultWriter.WriteAllAsync(result, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    }
}
