using System.Net.ServerSentEvents;
using System.Text.RegularExpressions;
using Minions.Packages.Tests.Commands;

namespace Minions.Packages.Tests.Projects;

[NonParallelizable]
internal sealed partial class WebProjectTests
{
    private static readonly PageCode Page = new("docs", "aspnet.md");

    [Test]
    [CancelAfter(10 * 60_000)]
    public async Task The_commands_and_the_program_of_the_page_of_ASP_NET_stream_an_answer(CancellationToken limit)
    {
        string program = Page.In("csharp").Single();
        Match asked = Request().Match(Page.In("console").Single());
        string question = asked.Groups["question"].Value;
        var page = new PageRun();

        await page.RunAsync(Page.Commands[..^1], limit);
        page.WriteProgram(program);
        // A port that is free in place of the page's; the server says which.
        await using ChildProcess server = page.Shell.Start(Page.Commands[^1].Replace(":5000", ":0", StringComparison.Ordinal));
        string address = await server.FindAsync(output => Listening().Match(output) is { Success: true } found ? found.Groups["address"].Value : null, limit);
        (string text, int pieces) = await ReadAsync(new Uri($"{address}{asked.Groups["path"].Value}?q={Uri.EscapeDataString(question)}"), limit);
        server.RequestStop();

        Assert.That(program.Split('\n'), Has.Length.AtMost(10));
        Assert.That(text, Is.Not.Empty.And.EqualTo(await SameQuestion.AskAsync(question, limit)));
        Assert.That(pieces, Is.GreaterThan(1), "the answer came at once");
        Assert.That(await server.EndAsync(limit), Is.Zero, () => server.Describe("did not stop cleanly"));
    }

    [Test]
    public void The_readme_of_the_package_shows_the_same_program() =>
        Assert.That(new PageCode("src", "Minions.Extensions.AI", "README.md").In("csharp"), Does.Contain(Page.In("csharp").Single()));

    [GeneratedRegex("""http://127\.0\.0\.1:5000(?<path>\S+) --data-urlencode "q=(?<question>[^"]+)""")]
    private static partial Regex Request();

    [GeneratedRegex(@"Now listening on: (?<address>\S+)\n")]
    private static partial Regex Listening();

    private static async Task<(string Text, int Pieces)> ReadAsync(Uri address, CancellationToken limit)
    {
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit);
        response.EnsureSuccessStatusCode();
        await using Stream body = await response.Content.ReadAsStreamAsync(limit);
        using var read = new MemoryStream();
        byte[] piece = new byte[4096];
        int length, pieces = 0;
        // A read takes all that has come, so there is more than one only where the rest comes later.
        for (; (length = await body.ReadAsync(piece, limit)) > 0; pieces++)
            read.Write(piece, 0, length);
        read.Position = 0;
        return (string.Concat(SseParser.Create(read).Enumerate().Select(item => item.Data)), pieces);
    }
}
