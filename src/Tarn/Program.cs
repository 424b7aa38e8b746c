using Tarn.CommandLine;
using Tarn.Commands;
using Tarn.Composition;
using Tarn.Terminal;

using var cancellation = new Cancellation();
return await new TarnProgram(CommandTable.All, Streams.OfProcess(), cancellation, Lake.Open).RunAsync(args);
