using System.Diagnostics;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Minions.Core.Diagnostics;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The middleware of the ecosystem over the client, one by one, each as its users add it.</summary>
internal sealed class MiddlewareTests
{
    private const string Source = "test.chat";
    private const string Call = "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"town\": \"Rome\"}}\n</tool_call>";

    private static readonly AIFunction Weather = AIFunctionFactory.Create((string town) => $"{town}: sun", "weather", "Tells the weather.");

    [Test]
    public async Task Traces_name_the_model_and_the_usage_and_nothing_comes_twice([Values] bool streams)
    {
        List<Activity> ended = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name is Source or MinionsTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        using ScriptedChat chat = new ScriptedChat().Says("Hello there!");
        using Activity root = new Activity("root").Start();
        IChatClient client = chat.Client.AsBuilder().UseOpenTelemetry(sourceName: Source).Build();
        if (streams)
            await client.GetStreamingResponseAsync("Hi").ToListAsync();
        else
            await client.GetResponseAsync("Hi");

        // Other fixtures may run at the same time: what belongs here is of this trace.
        Activity[] own = [.. ended.Where(activity => activity.TraceId == root.TraceId)];
        Activity span = own.Single(activity => activity.Source.Name == Source);
        Activity request = own.Single(activity => activity.Source.Name == MinionsTelemetry.ActivitySourceName);
        Assert.That(span.DisplayName, Is.EqualTo("chat scripted"));
        Assert.That(span.GetTagItem("gen_ai.request.model"), Is.EqualTo("scripted"));
        Assert.That(span.GetTagItem("gen_ai.usage.output_tokens"), Is.EqualTo(4));
        Assert.That(request.TagObjects.Select(tag => tag.Key), Has.None.StartsWith("gen_ai."), "what the middleware tells is its own");
        Assert.That(span.TagObjects.Select(tag => tag.Key), Has.None.StartsWith("minions."));
        Assert.That(request.ParentSpanId, Is.EqualTo(span.SpanId));
    }

    [Test]
    public async Task The_log_middleware_tells_calls_and_the_clients_own_lines_hold_no_text()
    {
        var own = new LogLines<MinionsChatClient>();
        var calls = new LogLines<LoggingChatClient>();
        using ScriptedChat chat = new ScriptedChat(logger: own).Says("Secret answer");
        IChatClient client = chat.Client.AsBuilder().Use(inner => new LoggingChatClient(inner, calls)).Build();
        await client.GetResponseAsync("Secret question");

        Assert.That(calls.Written, Has.Some.Contains("GetResponseAsync"));
        Assert.That(own.Written, Has.None.Contains("Secret"));
    }

    [Test]
    public async Task A_cached_answer_is_given_again_without_the_model()
    {
        ServiceCollection services = new();
        services.AddDistributedMemoryCache();
        await using ServiceProvider provider = services.BuildServiceProvider();
        using ScriptedChat chat = new ScriptedChat().Says("Hello there!").Says("Another");
        IChatClient client = chat.Client.AsBuilder().UseDistributedCache().Build(provider);
        ChatResponse first = await client.GetResponseAsync("Hi");
        ChatResponse again = await client.GetResponseAsync("Hi");
        List<ChatResponseUpdate> streamed = await client.GetStreamingResponseAsync("Hello").ToListAsync();
        List<ChatResponseUpdate> streamedAgain = await client.GetStreamingResponseAsync("Hello").ToListAsync();

        Assert.That((again.Text, again.ResponseId, again.FinishReason), Is.EqualTo((first.Text, first.ResponseId, first.FinishReason)));
        Assert.That(again.Usage!.OutputTokenCount, Is.EqualTo(first.Usage!.OutputTokenCount));
        Assert.That(streamedAgain.ToChatResponse().Text, Is.EqualTo(streamed.ToChatResponse().Text).And.EqualTo("Another"));
        Assert.That(chat.Prompts, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task An_agent_of_the_agent_framework_uses_a_tool()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call).Says("It will be sunny.");
        var agent = new ChatClientAgent(chat.Client, instructions: "You know the weather.", tools: [Weather]);
        AgentResponse response = await agent.RunAsync("Weather in Rome?");

        Assert.That(response.Text, Does.EndWith("It will be sunny."));
        Assert.That(chat.Prompts[0], Does.Contain("You know the weather."));
        Assert.That(chat.Prompts[1], Does.Contain("Rome: sun"));
    }

    [Test]
    public async Task A_kernel_of_Semantic_Kernel_uses_a_plugin()
    {
        using ScriptedChat chat = new ScriptedChat("tools").Says(Call.Replace("weather", "sky_weather")).Says("It will be sunny.");
        IKernelBuilder builder = Kernel.CreateBuilder();
#pragma warning disable SKEXP0001 // Semantic Kernel's own way to have its functions called.
        builder.Services.AddChatClient(chat.Client).UseKernelFunctionInvocation();
#pragma warning restore SKEXP0001
        Kernel kernel = builder.Build();
        kernel.Plugins.AddFromFunctions("sky", [KernelFunctionFactory.CreateFromMethod((string town) => $"{town}: sun", "weather", "Tells the weather.")]);
        string answer = (await kernel.InvokePromptAsync("Weather in Rome?", new KernelArguments(new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }))).ToString();

        Assert.That(answer, Does.EndWith("It will be sunny."));
        Assert.That(chat.Prompts[1], Does.Contain("Rome: sun"));
    }
}
