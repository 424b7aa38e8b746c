using Tarn.CommandLine;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Demo;
using Tarn.Terminal;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Demo;

public sealed class DemoCommandTests
{
    [Theory]
    [InlineData(FileFailure.NoSpace, "the disk is full", "tarn demo --data DIR --rows 50k")]
    [InlineData(FileFailure.ReadOnlyVolume, "the file system is read-only", "tarn demo --data DIR")]
    public async Task Run_DiskThatTakesNothing_NamesTheWayOut(FileFailure failure, string reason, string wayOut)
    {
        using var cancellation = new Cancellation();
        var context = new CommandContext(CommandParser.Parse(DemoCommand.Spec, ["demo"], 0), new MemoryStreams().Streams, cancellation)
        {
            Open = (_, _) => throw FileErrors.Translate(FileErrors.Create(failure, "/disk/lake"), "Cannot create the data folder", "/disk/lake"),
        };

        var error = await Assert.ThrowsAsync<TarnException>(() => DemoCommand.Spec.Run(context, CancellationToken.None));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(wayOut, error.Message, StringComparison.Ordinal);
    }
}
