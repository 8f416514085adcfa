/** Pairs of words that are one verb or one thing. */
const PHRASES: ReadonlyMap<string, string> = new Map(
  `look up=lookup|set up=setup|tear down=teardown|shut down=shutdown|roll back=rollback|clean up=cleanup|dry run=dryrun|sign in=login|log in=login|
  log out=logout|sign out=logout|check out=checkout|turn on=turn|turn off=turn|switch on=turn|switch off=turn|power on=turn|power off=turn|go to=goto|spin up=launch|top up=topup|
  cash out=withdraw|pay out=payout|fill in=fill|fill out=fill|scale up=scale|scale down=scale|scale out=scale|health check=healthcheck|pull request=pullrequest|
  merge request=mergerequest|what if=whatif|who am=whoami|write off=void|opt out=unsubscribe|opt in=subscribe|sign up=signup|bring down=shutdown|
  bring up=launch|take down=teardown|set off=trigger|kick off=start|carry out=perform|find out=find|figure out=find|fall back=revert|
  api key=apikey|api token=apikey|access key=apikey|access token=token|private key=privatekey|connection string=connectionstring|service account=serviceaccount|
  smart contract=contract|tool call=toolcall|qr code=qrcode|time entry=timeentry|time tracking=timetracking|issue link=issuelink|task link=tasklink|
  heap snapshot=heapsnapshot|web site=website|web page=webpage|virtual machine=vm|page views=pageviews|double click=doubleclick|right click=rightclick|
  left click=click|key press=keypress|press key=press|press keys=press|stock count=stockcount|pay order=pay order|open source=opensource|read only=readonly|
  load test=benchmark|stress test=benchmark|port scan=portscan|port forward=portforward|forward port=portforward|factory reset=reset|cherry pick=cherrypick|fine tune=finetune|
  post mortem=postmortem|post code=postcode|zip code=postcode|exec in=exec|bulk delete=delete|batch delete=delete|hard delete=delete|soft delete=delete|
  open api=openapi|back up=backup|time travel=timetravel|pay slip=payslip|play list=playlist|play book=playbook|place holder=placeholder|
  run time=runtime|work flow=workflow|read me=readme|type script=typescript|java script=javascript|address book=addressbook|share point=sharepoint|
  drop down=dropdown|step functions=stepfunctions|compose up=launch|compose down=teardown|docker compose=dockercompose|check in=checkin|web pages=webpage|web sites=website|set top=settop|go home=gohome|open ai=openai|click house=clickhouse|click up=clickup|post hog=posthog|post man=postman|mail chimp=mailchimp|
  call stack=callstack|interact with=interact|pre check=check|pre flight=check|pre-check=precheck|hang up=hangup|hangs up=hangup|supply chain=supplychain|shopping list=shoppinglist|no show=noshow|kill chain=killchain|kill switch=killswitch|attack surface=attacksurface|attack path=attackpath|attack paths=attackpath|attack technique=technique|attack pattern=pattern|call graph=callgraph|call hierarchy=callgraph|call tree=callgraph|fill rate=fillrate|burn rate=burnrate|burn down=burndown|stress score=score|stress level=level|sleep score=score|open interest=openinterest|short interest=shortinterest|clear sky=clearsky|press release=pressrelease|press releases=pressrelease|drop off=dropoff|buy signal=signals|buy signals=signals|sell signal=signals|sell signals=signals|trading signals=signals|sell wall=sellwall|buy wall=buywall|exchange rate=rate|exchange rates=rates|interest rate=rate|drop rate=rate|click rate=rate|open rate=rate|bounce rate=rate|swap rate=rate|stop words=stopwords|release notes=releasenotes|action items=actionitems|launch date=date|power plant=plant|power grid=grid|charging station=station|charging stations=station|train station=station|fire danger=danger|fire weather=weather|close price=price|open price=price|call option=option|put option=option|call options=option|put options=option|buy box=buybox|post office=postoffice|cancellation policy=policy|cancel policy=policy|refund policy=policy|return policy=policy|trade balance=balance|order flow=orderflow|control flow=controlflow|data flow=dataflow|stock trades=trades|insider trades=trades|insider trading=trades|job listings=listings|job postings=listings|drive time=drivetime|walk score=score|run rate=rate|play store=playstore|app store=appstore|exercise library=exercises|mine site=mine|water quality=quality|water level=level|cash flow=cashflow|balance sheet=balancesheet|open orders=orders|open positions=positions|open trades=trades|open issues=issues|open tickets=tickets|stop loss=order|limit order=order|market order=order|buy order=buy|sell order=sell`
    .split('|')
    .map((row) => row.trim().split('='))
    .map(([from = '', to = '']) => [from, to]),
);

/** The words with known pairs made one. */
export function joined(words: readonly string[]): readonly string[] {
  const made: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const one = PHRASES.get(`${words[at]} ${words[at + 1]}`);
    if (one === undefined) made.push(words[at] ?? '');
    else {
      made.push(...one.split(' '));
      at += 1;
    }
  }
  return made;
}
