using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Minions.Core.DependencyInjection;
using Minions.Docs.Tests.Pages;

namespace Minions.Docs.Tests.Options;

/// <summary>The configuration that a page shows is read as a whole: every key is an option, every value one that it can have.</summary>
internal sealed class ConfigurationSnippetTests
{
    private static IEnumerable<TestCaseData> Snippets =>
        MarkdownPage.All.SelectMany(page => page.Blocks).Where(block => block.Language == "json").Select(block => new TestCaseData(block).SetArgDisplayNames(block.ToString()));

    [TestCaseSource(nameof(Snippets))]
    public void Nothing_but_the_folders_is_missing(object block)
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(((CodeBlock)block).Code));
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(text).Build();
        string[] sections = [.. configuration.GetChildren().Select(section => section.Key)];
        Assert.That(sections, Is.SubsetOf(new[] { "Minions", "GenAI" }).And.Not.Empty, "sections that a test can read");

        ServiceCollection services = new();
        MinionsBuilder builder = sections.Contains("Minions") ? services.AddMinions(configuration.GetSection("Minions")) : services.AddMinions();
        if (sections.Contains("GenAI"))
            builder.UseGenAI(configuration.GetSection("GenAI"));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(FaultsOf(provider), Has.None.Not.Contains("models/"));
    }

    private static IEnumerable<string> FaultsOf(ServiceProvider provider)
    {
        try
        {
            _ = provider.GetRequiredService<IOptions<MinionsOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException faults)
        {
            return faults.Failures;
        }
    }
}
