using Amazon.S3.Model;
using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Storage.Transfer;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 rm</c>: removes objects.</summary>
internal static class S3RemoveCommand
{
    // docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
    private const int KeysAtOnce = 1_000;

    public static CommandSpec Spec { get; } = new("s3 rm", "remove objects")
    {
        Arguments = [new ArgumentSpec("PLACE", "s3://bucket/key or ALIAS:bucket/key")],
        Options = [new OptionSpec("recursive", null, "everything with this prefix") { Letter = 'r' }, .. S3Places.Options],
        Examples = [new("tarn s3 rm s3://raw/orders.csv", "one object"), new("tarn s3 rm -r s3://raw/2023/", "a folder")],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindBucket(context.Words.Arguments[0]);
        if (context.Words.Has("recursive"))
        {
            long removed = await RemoveAllAsync(place, cancellationToken);
            context.Say($"{Quantity.Count(removed)} {(removed == 1 ? "object" : "objects")} removed");
            return ExitCode.Done;
        }

        if (place.Key.Length == 0)
            throw new UsageException($"'{place.Text}' is a bucket: 'tarn s3 rb' removes an empty one, --recursive removes all its objects");
        if (!place.IsFolder && await place.FindAsync(cancellationToken) is null)
            throw TarnException.NotFound($"There is no object '{place.Text}'.");
        await place.DeleteAsync(cancellationToken);
        return ExitCode.Done;
    }

    private static async Task<long> RemoveAllAsync(S3End place, CancellationToken cancellationToken)
    {
        long removed = 0;
        await foreach (var page in place.Service.ListPagesAsync(place.Bucket, place.Folder, delimiter: null, cancellationToken))
        {
            foreach (var keys in (page.S3Objects ?? []).Select(found => new KeyVersion { Key = found.Key }).Chunk(KeysAtOnce))
            {
                var request = new DeleteObjectsRequest { BucketName = place.Bucket, Objects = [.. keys], Quiet = true };
                await place.Service.CallAsync(client => client.DeleteObjectsAsync(request, cancellationToken), $"Cannot remove objects of '{place.Text}'");
                removed += keys.Length;
            }
        }

        return removed;
    }
}
