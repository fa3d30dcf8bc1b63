namespace LakehouseLab.Tests.Pages;

public sealed class PageTests
{
    [Fact]
    public void Parse_BlocksOfAllKinds_AreStepsInOrder()
    {
        Page page = Page.Parse("p.md", "# Page\n\n```sh exit=1 needs=kafka,minio\na\nb\n```\nshows\n\n```text\nout\n```\nWrite `x/y.sql`:\n```sql file=x/y.sql\nSELECT 1\n```\n```json\n{}\n```\n");
        CommandStep command = Assert.IsType<CommandStep>(page.Steps[0]);
        Assert.Equal((3, "a\nb\n", 1), (command.Line, command.Commands, command.ExitCode));
        Assert.Equal(["kafka", "minio"], command.Needs);
        Assert.Equal(new ShownOutput(10, "out\n"), command.Shown);
        Assert.Equal([command, new FileStep(13, "x/y.sql", "SELECT 1\n")], page.Steps);
    }

    [Theory]
    [InlineData("```sh\na\n", "p.md:1: the block has no end")]
    [InlineData("\n```text\na\n```\n", "p.md:2: this output follows no command")]
    [InlineData("```sh\na\n```\n```text\na\n```\n```text\nb\n```\n", "p.md:7: this output follows no command")]
    [InlineData("```sql file=a.sql\na\n```\n", "p.md:1: no sentence tells the reader that this is `a.sql`")]
    public void Parse_BlockThatCannotBe_IsNamed(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Page.Parse("p.md", text)).Message);
}
