using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Minions.Core;
using Minions.Core.Pipeline;
using Minions.Extensions.AI.Templates;
using Quickstart.Chat;
using Quickstart.Chat.Commands;
using Quickstart.CommandLine;
using Quickstart.Models;
using Quickstart.Reporting;
using Spectre.Console;

namespace Quickstart;

/// <summary>Loads the models and chats. The conversation goes to standard output, progress to standard error.</summary>
internal sealed class ChatRun(Arguments arguments, IServiceProvider services, TextReader input, IAnsiConsole output, IAnsiConsole error)
{
    // A model that was trained on no chat goes on with the user's next line by itself.
    private const string NextUser = "\n\nUser:";

    public async Task<int> RunAsync(Interruption interruption)
    {
        ChatTemplateSet templates = TargetTemplates.Load(services);
        PipelineInfo info = null!;
        SpeculativePipeline pipeline = services.GetRequiredService<SpeculativePipeline>();
        await new ProgressLine(error).SpinAsync("Loading the models", async () => info = await pipeline.LoadAsync(interruption.Run));

        var settings = new ChatSettings { MaxTokens = arguments.MaxTokens, Length = arguments.Length, StopSequences = templates.IsPlain ? [NextUser] : [] };
        var conversation = new Conversation();
        var view = new ChatView(output, info.DraftNames);
        var session = new ChatSession(services.GetRequiredService<IChatClient>(), info.ContextLength, conversation, settings, view, interruption);
        view.Greet(arguments.Target ?? "SmolLM2-135M-Instruct");
        if (templates.IsPlain)
            view.Note("It has no chat template: the conversation is put to it as 'Role: text', and an answer ends where the model would go on with 'User:'.");

        bool isTyped = ReferenceEquals(input, Console.In) && !Console.IsInputRedirected;
        await new ChatLoop(session, new ChatCommands(conversation, settings), new LineSource(input, isTyped, view), view, interruption).RunAsync();
        return ExitCode.Success;
    }
}
