using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Minions.Core;
using Minions.Models.Demo;

namespace Minions.Extensions.AI.Tests.Chat;

/// <summary>The client as users of the ecosystem build it, over the embedded models.</summary>
internal sealed class RegistrationTests
{
    private static readonly ChatOptions Eight = new() { MaxOutputTokens = 8 };

    [Test]
    public async Task A_client_is_registered_with_the_middleware_of_the_ecosystem()
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddDistributedMemoryCache();
        services.AddMinions().UseDemoModels().AddChatClient().UseDistributedCache().UseFunctionInvocation().UseOpenTelemetry().UseLogging();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredService<IChatClient>();
        string? nameBefore = client.GetService<ChatClientMetadata>()!.DefaultModelId;
        ChatResponse first = await client.GetResponseAsync("Why is the sky blue?", Eight);
        ChatResponse second = await client.GetResponseAsync("Why is the sky blue?", Eight);

        Assert.That(first.Text, Is.Not.Empty);
        Assert.That(second.Text, Is.EqualTo(first.Text));
        Assert.That(second.ResponseId, Is.EqualTo(first.ResponseId), "it comes from the cache");
        Assert.That(client.GetService<MinionsChatClient>(), Is.Not.Null);
        Assert.That(client.GetService<SpeculativePipeline>(), Is.SameAs(provider.GetRequiredService<SpeculativePipeline>()));
        Assert.That(client.GetService<ChatClientMetadata>()!.DefaultModelId, Is.EqualTo("smollm2").And.EqualTo(nameBefore), "known before it is loaded, for what asks once");
    }

    [Test]
    public async Task A_keyed_pipeline_has_a_keyed_client()
    {
        ServiceCollection services = new();
        services.AddKeyedMinions("small").UseDemoModels().AddChatClient(options => options.ModelId = "smol");
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("small").GetResponseAsync("Hi", Eight);

        Assert.That(response.ModelId, Is.EqualTo("smol"));
    }

    [Test]
    public async Task The_text_is_the_pipelines_own_and_turns_reuse_what_was_run()
    {
        ServiceCollection services = new();
        services.AddMinions().UseDemoModels().AddChatClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient client = provider.GetRequiredService<IChatClient>();
        var pipeline = provider.GetRequiredService<SpeculativePipeline>();
        List<ChatMessage> messages = [new(ChatRole.System, "You are brief."), new(ChatRole.User, "Name a colour.")];
        ChatResponse response = await client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 24 });
        string own = (await pipeline.GenerateAsync(
            "<|im_start|>system\nYou are brief.<|im_end|>\n<|im_start|>user\nName a colour.<|im_end|>\n<|im_start|>assistant\n",
            new Minions.Core.Generation.GenerationOptions { MaxOutputTokens = 24 })).Text;
        messages.AddMessages(response);
        messages.Add(new ChatMessage(ChatRole.User, "Another?"));
        ChatResponse next = await client.GetResponseAsync(messages, Eight);

        Assert.That(response.Text, Is.EqualTo(own));
        Assert.That(next.Usage!.CachedInputTokenCount, Is.GreaterThan(response.Usage!.InputTokenCount!.Value / 2));
    }

    [Test]
    public async Task An_agent_of_the_agent_framework_answers()
    {
        ServiceCollection services = new();
        services.AddMinions().UseDemoModels().AddChatClient();
        await using ServiceProvider provider = services.BuildServiceProvider();
        var agent = new ChatClientAgent(provider.GetRequiredService<IChatClient>(), new ChatClientAgentOptions { ChatOptions = new ChatOptions { Instructions = "You are brief.", MaxOutputTokens = 8 } });
        AgentResponse response = await agent.RunAsync("Name a colour.");

        Assert.That(response.Text, Is.Not.Empty);
    }

    [Test]
    public async Task A_kernel_of_Semantic_Kernel_answers()
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        builder.Services.AddMinionsChatClient(DemoModels.Target, modelId: "smol");
        Kernel kernel = builder.Build();
        ChatResponse response = await kernel.GetRequiredService<IChatClient>().GetResponseAsync("Name a colour.", Eight);
        string prompted = (await kernel.InvokePromptAsync("Name a colour.", new KernelArguments(new PromptExecutionSettings { ExtensionData = new Dictionary<string, object> { ["max_tokens"] = 8 } }))).ToString();

        Assert.That(response.ModelId, Is.EqualTo("smol"));
        Assert.That(prompted, Is.Not.Empty);
    }

    [Test]
    public async Task The_embedded_model_is_offered_a_tool_and_what_must_hold_holds()
    {
        ServiceCollection services = new();
        services.AddMinions().UseDemoModels().AddChatClient().UseFunctionInvocation();
        await using ServiceProvider provider = services.BuildServiceProvider();
        AIFunction add = AIFunctionFactory.Create((int a, int b) => a + b, "add", "Adds two numbers.");
        ChatResponse response = await provider.GetRequiredService<IChatClient>().GetResponseAsync("What is 2 plus 3?", new ChatOptions { Tools = [add], MaxOutputTokens = 32 });

        // Whether it calls is its own choice; what comes is text, or calls with results, without markup.
        Assert.That(response.Messages, Is.Not.Empty);
        Assert.That(response.Text, Does.Not.Contain("<tool_call>"));
    }
}
