using Tarn.CommandLine;
using Tarn.Terminal;

namespace Tarn.Commands.S3;

/// <summary><c>tarn s3 cat</c>: the bytes of an object.</summary>
internal static class S3CatCommand
{
    public static CommandSpec Spec { get; } = new("s3 cat", "write an object to standard output, byte for byte")
    {
        Arguments = [new ArgumentSpec("OBJECT", "s3://bucket/key or ALIAS:bucket/key")],
        Options = S3Places.Options,
        Examples = [new("tarn s3 cat s3://raw/orders.csv > orders.csv", "into a file of the shell")],
        Run = S3Commands.With(RunAsync),
    };

    private static async Task<int> RunAsync(CommandContext context, S3Places places, CancellationToken cancellationToken)
    {
        var place = places.FindObject(context.Words.Arguments[0]);
        string attempt = $"Cannot read '{place.Text}'";
        using var response = await place.Service.CallAsync(client => client.GetObjectAsync(place.Bucket, place.Key, cancellationToken), attempt);
        await using var output = StandardOutput.Open();
        await place.Service.CallAsync(
            async _ =>
            {
                await response.ResponseStream.CopyToAsync(output, cancellationToken);
                return true;
            },
            attempt);
        return ExitCode.Done;
    }
}
