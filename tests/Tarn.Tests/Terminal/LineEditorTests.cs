using Tarn.Engine.Sql;
using Tarn.Terminal;
using Tarn.Terminal.Editing;
using Tarn.Tests.Fakes;

namespace Tarn.Tests.Terminal;

public sealed class LineEditorTests
{
    private static async Task<EditResult> TypeAsync(string typed, LineHistory? history = null, Completion? completion = null)
    {
        using var keys = new TypedKeys(typed);
        var editor = new LineEditor(
            keys, TextWriter.Null, () => 40, new Style(false), history ?? LineHistory.Load(null),
            text => SqlScript.State(text) == ScriptState.Complete,
            (_, _, _) => Task.FromResult(completion ?? new Completion(0, [])), error => Assert.Fail(error.ToString()));
        return await editor.ReadAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Read_UntilSemicolon_TakesSeveralLines() => Assert.Equal("select 1\n, 2;", (await TypeAsync("select 1\r, 2;\r")).Text);

    [Fact]
    public async Task Read_SemicolonInText_GoesOn() => Assert.Equal("select ';\n';", (await TypeAsync("select ';\r';\r")).Text);

    [Fact]
    public async Task Read_CtrlC_ThrowsTheTextAway() => Assert.True((await TypeAsync("select\x03")).Interrupted);

    [Fact]
    public async Task Read_CtrlDOnEmptyLine_Ends() => Assert.Null((await TypeAsync("x\x7f\x04")).Text);

    [Fact]
    public async Task Read_EditingKeys_ChangeTheText() => Assert.Equal("select 1;", (await TypeAsync("elect 2\x7f\x01s\x05" + "1;\r")).Text);

    [Fact]
    public async Task Read_UpTwice_RecallsTheEntryBefore()
    {
        var history = LineHistory.Load(null);
        history.Add("first;");
        history.Add("second;");
        Assert.Equal("first;", (await TypeAsync("\e[A\e[A\r", history)).Text);
        Assert.Equal("draft;", (await TypeAsync("draft;\e[A\e[B\r", history)).Text);
    }

    [Fact]
    public async Task Read_CtrlR_FindsTheNewestThatMatches()
    {
        var history = LineHistory.Load(null);
        history.Add("select orders;");
        history.Add("select old orders;");
        history.Add("show tables;");
        Assert.Equal("select old orders;", (await TypeAsync("\x12orders\r", history)).Text);
        Assert.Equal("select orders;", (await TypeAsync("\x12orders\x12\r", history)).Text);
    }

    [Fact]
    public async Task Read_TabWithOneCandidate_InsertsIt() =>
        Assert.Equal("from orders ;", (await TypeAsync("from or\t;\r", completion: new Completion(5, ["orders"]))).Text);

    [Fact]
    public async Task Read_TabWithSeveralCandidates_InsertsWhatTheyShare() =>
        Assert.Equal("from orders_;", (await TypeAsync("from or\t;\r", completion: new Completion(5, ["orders_a", "orders_b"]))).Text);

    [Fact]
    public async Task Read_TabsThatComeAtOnce_ShowTheCandidatesUnderTheLineEachTime()
    {
        using var screen = new StringWriter();
        using var keys = new TypedKeys("from o\t\t;\r", comesAtOnce: true);
        var editor = new LineEditor(
            keys, screen, () => 40, new Style(false), LineHistory.Load(null), _ => true, (_, _, _) => Task.FromResult(new Completion(5, ["oa", "ob"])), error => Assert.Fail(error.ToString()));

        Assert.Equal("from o;", (await editor.ReadAsync(CancellationToken.None)).Text);
        Assert.Equal(3, screen.ToString().Split("oa  ob  \r\n").Length);
        Assert.Equal(2, screen.ToString().Split("> from o\r\e[8C\r\noa").Length - 1);
    }

    [Fact]
    public async Task Read_CompletionThatFails_IsToldAndKeepsTheText()
    {
        var told = new List<Exception>();
        using var keys = new TypedKeys("select o\t;\r");
        var editor = new LineEditor(
            keys, TextWriter.Null, () => 40, new Style(false), LineHistory.Load(null), _ => true,
            (_, _, _) => Task.FromException<Completion>(new TimeoutException("the catalog does not answer")), told.Add);

        Assert.Equal("select o;", (await editor.ReadAsync(CancellationToken.None)).Text);
        Assert.Equal("the catalog does not answer", Assert.Single(told).Message);
    }

    [Fact]
    public async Task Read_KeyThatFails_IsToldAndTheEditorGoesOn()
    {
        var told = new List<Exception>();
        using var keys = new TypedKeys("bad\rgood\r");
        var editor = new LineEditor(
            keys, TextWriter.Null, () => 40, new Style(false), LineHistory.Load(null), text => text == "bad" ? throw new InvalidOperationException("a defect") : true,
            (_, _, _) => Task.FromResult(new Completion(0, [])), told.Add);

        Assert.Equal("good", (await editor.ReadAsync(CancellationToken.None)).Text);
        Assert.Equal("a defect", Assert.Single(told).Message);
    }

    [Fact]
    public async Task Read_TerminalThatIsGone_EndsWhateverWasTyped() => Assert.Null((await TypeAsync("select 1")).Text);

    [Fact]
    public void Frame_LongLine_WrapsAndPlacesTheCursor()
    {
        var frame = Frame.Lay(("> ", ". "), new string('x', 50) + "\nyy", 50, 40, new Style(false));

        Assert.Equal((3, 1, 13), (frame.Rows, frame.CursorRow, frame.CursorColumn));
    }
}
