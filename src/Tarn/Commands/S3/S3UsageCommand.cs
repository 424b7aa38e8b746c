using Tarn.CommandLine;
using Tarn.Output;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 du</c>: how much is below a place.</summary>
internal static class S3UsageCommand
{
    public static CommandSpec Spec { get; } = new("s3 du", "count objects and bytes below a place, by its first folders")
    {
        Arguments = [new ArgumentSpec("PLACE", "s3://bucket/prefix or ALIAS:bucket/prefix")],
        Options = S3Places.Options,
        Examples = [new("tarn s3 du s3://lake", "the tables of the lake by schema")],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindBucket(context.Words.Arguments[0]);
        var sums = new SortedDictionary<string, (long Objects, long Bytes)>(StringComparer.Ordinal);
        long objects = 0, bytes = 0;
        await foreach (var found in place.Service.ListAsync(place.Bucket, place.Key, cancellationToken))
        {
            string rest = found.Key[place.Key.Length..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            string name = slash < 0 ? place.Key : place.Key + rest[..(slash + 1)];
            var sum = sums.GetValueOrDefault(name);
            sums[name] = (sum.Objects + 1, sum.Bytes + (found.Size ?? 0));
            (objects, bytes) = (objects + 1, bytes + (found.Size ?? 0));
        }

        bool forPeople = context.Format == "table";
        object?[] Row(string name, long count, long size) => [name, count, forPeople ? Quantity.Bytes(size) : size];
        await using var result = new RowsResult(
            [RowsResult.Text("name"), RowsResult.Number("objects"), forPeople ? RowsResult.Text("size") : RowsResult.Number("size_bytes")],
            [.. sums.Select(sum => Row(sum.Key, sum.Value.Objects, sum.Value.Bytes)), Row("(all)", objects, bytes)]);
        await ResultWriter.WriteAllAsync(result, context.Format, context.Streams, expanded: false, cancellationToken);
        return ExitCode.Done;
    }
}
