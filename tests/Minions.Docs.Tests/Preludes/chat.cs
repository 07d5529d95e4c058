using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

ServiceCollection services = new();
services.AddMinions().UseDemoModels().AddChatClient();
await using ServiceProvider provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IChatClient>();
