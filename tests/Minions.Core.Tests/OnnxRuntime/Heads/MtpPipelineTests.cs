using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Minions.Core.Generation;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Tests.OnnxRuntime.Synthetic;

namespace Minions.Core.Tests.OnnxRuntime.Heads;

/// <summary>A head that its target's folder names takes part without another line, changes no text, and can be left off.</summary>
public sealed class MtpPipelineTests
{
    private const string OwnName = "mtp";
    private const int NotNamed = 28;

    [Test]
    public async Task The_head_in_the_folder_takes_part_and_changes_no_text([Values] bool givesStates)
    {
        using var folder = new MtpFolder(borrows: false, givesStates: givesStates);
        await using ServiceProvider services = Provide(folder.Folder);
        SpeculativePipeline pipeline = services.GetRequiredService<SpeculativePipeline>();
        PipelineInfo info = await pipeline.LoadAsync();
        Assert.That(info.DraftNames, Is.EqualTo(new[] { OwnName }));

        int proposed = 0;
        foreach (int seed in new[] { 1, 2, 3 })
        {
            var random = new Random(seed);
            int[] prompt = [.. Enumerable.Range(0, 4 * seed).Select(_ => random.Next(1, SyntheticOptions.Vocabulary))];
            var options = new GenerationOptions { MaxOutputTokens = 30, IgnoreEndToken = true };
            GenerationResult plain = await pipeline.GenerateAsync(prompt, options with { Speculate = false });
            GenerationResult result = await pipeline.GenerateAsync(prompt, options);
            Assert.That(result.TokenIds, Is.EqualTo(plain.TokenIds));
            Assert.That(result.Statistics.Drafts[0].Faults, Is.Zero);
            proposed += result.Statistics.Drafts[0].ProposedTokens;
        }

        Assert.That(proposed, Is.Positive);
    }

    [Test]
    public async Task A_head_borrows_of_the_file_that_the_target_is_run_from()
    {
        using var folder = new MtpFolder(borrows: true);
        File.Move(Path.Combine(folder.Folder, "model.onnx"), Path.Combine(folder.Folder, "other.onnx"));
        var services = new ServiceCollection();
        services.AddMinions(options => options.Target = new OnnxModelOptions { Folder = folder.Folder, ModelFile = "other.onnx" })
            .AddHead(folder.HeadFolder, head => head.States.Add("final"));
        await using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That((await provider.GetRequiredService<SpeculativePipeline>().LoadAsync()).DraftNames, Is.EqualTo(new[] { "head" }));
    }

    [Test]
    public async Task An_option_leaves_it_off()
    {
        using var folder = new MtpFolder(borrows: false);
        await using ServiceProvider services = Provide(folder.Folder, useTargetHead: false);

        Assert.That((await services.GetRequiredService<SpeculativePipeline>().LoadAsync()).DraftNames, Is.Empty);
    }

    [Test]
    public async Task A_file_without_a_section_is_only_told_of()
    {
        using var folder = new MtpFolder(borrows: false);
        folder.WriteConfiguration(section: null);
        var log = new Numbers();
        await using ServiceProvider services = Provide(folder.Folder, log: log);

        Assert.That((await services.GetRequiredService<SpeculativePipeline>().LoadAsync()).DraftNames, Is.Empty);
        Assert.That(log.Lines[NotNamed], Does.Contain("'mtp.onnx'").And.Contain(folder.Folder));
    }

    [Test]
    public async Task A_section_without_a_file_is_refused_by_name()
    {
        using var folder = new MtpFolder(borrows: false);
        File.Delete(Path.Combine(folder.Folder, "mtp.onnx"));
        await using ServiceProvider services = Provide(folder.Folder);

        Assert.That(
            () => services.GetRequiredService<SpeculativePipeline>().LoadAsync(),
            Throws.TypeOf<ModelLoadException>().With.Message.Contains("mtp.onnx").And.Message.Contains("does not exist"));
    }

    [Test]
    public async Task A_state_that_the_target_does_not_have_is_refused_by_name()
    {
        using var folder = new MtpFolder(borrows: false);
        string config = Path.Combine(folder.Folder, "genai_config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"main_hidden_states\": \"hidden_states\"", "\"main_hidden_states\": \"states\"", StringComparison.Ordinal));
        await using ServiceProvider services = Provide(folder.Folder);

        Assert.That(() => services.GetRequiredService<SpeculativePipeline>().LoadAsync(), Throws.TypeOf<ModelLoadException>().With.Message.Contains("'states'"));
    }

    private static ServiceProvider Provide(string folder, bool useTargetHead = true, Numbers? log = null)
    {
        var services = new ServiceCollection();
        if (log is not null)
            services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        services.AddMinions(options => options.UseTargetHead = useTargetHead).UseTarget(folder);
        return services.BuildServiceProvider();
    }

    private sealed class Numbers : ILoggerProvider, ILogger
    {
        public ConcurrentDictionary<int, string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines[eventId.Id] = formatter(state, exception);

        public void Dispose()
        {
        }
    }
}
