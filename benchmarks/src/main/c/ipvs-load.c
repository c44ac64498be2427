// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
//
// Loads the same table as IpvsLoad by the same messages, with nothing between them and the kernel: what can be had at
// best, and what sending one request at a time costs.
//
//   ipvs-load batch SERVICES DESTINATIONS    1,000 messages to a datagram, the last of each acknowledged
//   ipvs-load single SERVICES DESTINATIONS   one message to a datagram, each acknowledged
//   ipvs-load script SERVICES DESTINATIONS   prints the table as ipvsadm -R takes it, and loads nothing
//   ipvs-load read SERVICES DESTINATIONS     lists the services of the table that is there, then the destinations of
//                                            each, and counts them: the least that a reading by netlink takes
//   ipvs-load change SERVICES DESTINATIONS   gives one destination of the table that is there another weight, many
//                                            times, each time one of another service; the median is what it takes
//
// All messages of a load are encoded before the time is taken. Prints one line of JSON.

#define _GNU_SOURCE // for recvmmsg

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

// Service i is tcp 10.96.0.0 + i, port 80; its destinations have the next addresses from 10.128.0.0 on, port 8080.
static const uint32_t FIRST_SERVICE = 0x0a600000;
static const uint32_t FIRST_DESTINATION = 0x0a800000;
static const uint16_t SERVICE_PORT = 80;
static const uint16_t DESTINATION_PORT = 8080;

static const uint32_t PER_DATAGRAM = 1000;

// More than a message takes.
static const size_t MESSAGE_ROOM = 256;

// Of how many changes the median is taken, and how many go before them; as in IpvsLoad.
static const uint32_t CHANGES = 501;
static const uint32_t CHANGES_AHEAD = 2000;

// A prime, so that changes that follow one another are not neighbours in the kernel's tables.
static const uint32_t STRIDE = 7919;

// Beyond what net.core.wmem_max allows.
static const int BUFFER = 4 << 20;

static void fail(const char *what) {
    fprintf(stderr, "ipvs-load: %s: %s\n", what, strerror(errno));
    exit(1);
}

// ---- messages ----------------------------------------------------------------------------------------------------

// A message in the making; message points to where it begins in a buffer with room for it.
struct writer {
    struct nlmsghdr *message;
};

static char *end(const struct writer *out) { return (char *)out->message + out->message->nlmsg_len; }

static void begin(struct writer *out, void *at, uint16_t type, uint32_t number, uint8_t command, uint8_t version) {
    out->message = at;
    *out->message = (struct nlmsghdr){
        .nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN), .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = number};
    struct genlmsghdr *header = NLMSG_DATA(out->message);
    *header = (struct genlmsghdr){.cmd = command, .version = version};
}

static void put(struct writer *out, uint16_t type, const void *value, size_t length) {
    struct nlattr *attribute = (struct nlattr *)end(out);
    memset(attribute, 0, NLA_HDRLEN + NLA_ALIGN(length));
    *attribute = (struct nlattr){.nla_len = NLA_HDRLEN + length, .nla_type = type};
    memcpy((char *)attribute + NLA_HDRLEN, value, length);
    out->message->nlmsg_len += NLA_HDRLEN + NLA_ALIGN(length);
}

static void put_u8(struct writer *out, uint16_t type, uint8_t value) { put(out, type, &value, sizeof value); }

static void put_u16(struct writer *out, uint16_t type, uint16_t value) { put(out, type, &value, sizeof value); }

static void put_u32(struct writer *out, uint16_t type, uint32_t value) { put(out, type, &value, sizeof value); }

// The kernel's union of both families' addresses.
static void put_address(struct writer *out, uint16_t type, uint32_t address) {
    const uint32_t bits[4] = {htonl(address)};
    put(out, type, bits, sizeof bits);
}

static struct nlattr *begin_nested(struct writer *out, uint16_t type) {
    struct nlattr *nest = (struct nlattr *)end(out);
    put(out, type | NLA_F_NESTED, "", 0);
    return nest;
}

static void end_nested(const struct writer *out, struct nlattr *nest) { nest->nla_len = end(out) - (char *)nest; }

static void put_service_key(struct writer *out, uint32_t service) {
    put_u16(out, IPVS_SVC_ATTR_AF, AF_INET);
    put_u16(out, IPVS_SVC_ATTR_PROTOCOL, IPPROTO_TCP);
    put_address(out, IPVS_SVC_ATTR_ADDR, FIRST_SERVICE + service);
    put_u16(out, IPVS_SVC_ATTR_PORT, htons(SERVICE_PORT));
}

static void put_service(struct writer *out, uint32_t service) {
    const struct ip_vs_flags flags = {.flags = 0, .mask = ~0U};
    struct nlattr *nest = begin_nested(out, IPVS_CMD_ATTR_SERVICE);
    put_service_key(out, service);
    put(out, IPVS_SVC_ATTR_SCHED_NAME, "rr", sizeof "rr");
    put(out, IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
    put_u32(out, IPVS_SVC_ATTR_TIMEOUT, 0);
    put_u32(out, IPVS_SVC_ATTR_NETMASK, ~0U);
    end_nested(out, nest);
}

static void put_destination(struct writer *out, uint32_t service, uint32_t destination, uint32_t weight) {
    struct nlattr *nest = begin_nested(out, IPVS_CMD_ATTR_SERVICE);
    put_service_key(out, service);
    end_nested(out, nest);
    nest = begin_nested(out, IPVS_CMD_ATTR_DEST);
    put_u16(out, IPVS_DEST_ATTR_ADDR_FAMILY, AF_INET);
    put_address(out, IPVS_DEST_ATTR_ADDR, FIRST_DESTINATION + destination);
    put_u16(out, IPVS_DEST_ATTR_PORT, htons(DESTINATION_PORT));
    put_u32(out, IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ);
    put_u32(out, IPVS_DEST_ATTR_WEIGHT, weight);
    put_u8(out, IPVS_DEST_ATTR_TUN_TYPE, IP_VS_CONN_F_TUNNEL_TYPE_IPIP);
    put_u16(out, IPVS_DEST_ATTR_TUN_PORT, 0);
    put_u16(out, IPVS_DEST_ATTR_TUN_FLAGS, IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM);
    put_u32(out, IPVS_DEST_ATTR_U_THRESH, 0);
    put_u32(out, IPVS_DEST_ATTR_L_THRESH, 0);
    end_nested(out, nest);
}

// ---- socket ------------------------------------------------------------------------------------------------------

static int open_socket(void) {
    const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    int one = 1;
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
    if (netlink < 0 || connect(netlink, (const struct sockaddr *)&kernel, sizeof kernel)) {
        fail("no netlink socket");
    }
    if (setsockopt(netlink, SOL_SOCKET, SO_SNDBUFFORCE, &BUFFER, sizeof BUFFER)
        || setsockopt(netlink, SOL_SOCKET, SO_RCVBUFFORCE, &BUFFER, sizeof BUFFER)
        || setsockopt(netlink, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof one)) {
        fail("setsockopt");
    }
    return netlink;
}

static uint16_t find_family(int netlink) {
    char buffer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct writer out;
    begin(&out, buffer, GENL_ID_CTRL, 0, CTRL_CMD_GETFAMILY, 1);
    put(&out, CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME, sizeof IPVS_GENL_NAME);
    if (send(netlink, buffer, out.message->nlmsg_len, 0) < 0) {
        fail("send");
    }
    ssize_t received = recv(netlink, buffer, sizeof buffer, 0);
    const struct nlmsghdr *answer = out.message;
    if (received < 0 || answer->nlmsg_type == NLMSG_ERROR) {
        errno = received < 0 ? errno : -((const struct nlmsgerr *)NLMSG_DATA(answer))->error;
        fail("the kernel has no IPVS");
    }
    const char *last = buffer + answer->nlmsg_len;
    const char *at = (const char *)NLMSG_DATA(answer) + GENL_HDRLEN;
    while (at < last) {
        const struct nlattr *attribute = (const struct nlattr *)at;
        if (attribute->nla_type == CTRL_ATTR_FAMILY_ID) {
            return *(const uint16_t *)(at + NLA_HDRLEN);
        }
        at += NLA_ALIGN(attribute->nla_len);
    }
    errno = EPROTO;
    fail("the family has no number");
    return 0;
}

// Reads answers up to that of a number, and returns how many of them are refusals.
static uint32_t await(int netlink, uint32_t number) {
    static char buffer[1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
    uint32_t refusals = 0;
    while (true) {
        ssize_t received = recv(netlink, buffer, sizeof buffer, 0);
        if (received < 0) {
            fail("recv");
        }
        for (const struct nlmsghdr *answer = (const struct nlmsghdr *)buffer; NLMSG_OK(answer, received);
             answer = NLMSG_NEXT(answer, received)) {
            refusals += ((const struct nlmsgerr *)NLMSG_DATA(answer))->error != 0;
            if (answer->nlmsg_seq == number) {
                return refusals;
            }
        }
    }
}

// ---- the load ----------------------------------------------------------------------------------------------------

// All messages of a table one after the other, and where each begins.
struct table {
    char *bytes;
    size_t *starts;
    uint32_t operations;
};

static struct table encode(uint16_t family, uint32_t services, uint32_t destinations) {
    struct table table = {.operations = services * (1 + destinations)};
    table.bytes = malloc(table.operations * MESSAGE_ROOM);
    table.starts = malloc((table.operations + 1) * sizeof *table.starts);
    if (!table.bytes || !table.starts) {
        fail("malloc");
    }
    size_t size = 0;
    uint32_t number = 0;
    for (uint32_t service = 0; service < services; service++) {
        for (uint32_t i = 0; i <= destinations; i++) {
            struct writer out;
            begin(&out, table.bytes + size, family, number, i ? IPVS_CMD_NEW_DEST : IPVS_CMD_NEW_SERVICE,
                  IPVS_GENL_VERSION);
            if (i) {
                put_destination(&out, service, service * destinations + i - 1, 1);
            } else {
                put_service(&out, service);
            }
            table.starts[number++] = size;
            size += out.message->nlmsg_len;
        }
    }
    table.starts[number] = size;
    return table;
}

static uint32_t send_all(int netlink, struct table table, uint32_t per_datagram) {
    uint32_t refusals = 0;
    uint32_t next;
    for (uint32_t first = 0; first < table.operations; first = next) {
        next = table.operations - first > per_datagram ? first + per_datagram : table.operations;
        ((struct nlmsghdr *)(table.bytes + table.starts[next - 1]))->nlmsg_flags |= NLM_F_ACK;
        if (send(netlink, table.bytes + table.starts[first], table.starts[next] - table.starts[first], 0) < 0) {
            fail("send");
        }
        refusals += await(netlink, next - 1);
    }
    return refusals;
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static const char *text(uint32_t address) { return inet_ntoa((struct in_addr){.s_addr = htonl(address)}); }

static void print_script(uint32_t services, uint32_t destinations) {
    for (uint32_t service = 0; service < services; service++) {
        char key[32];
        snprintf(key, sizeof key, "%s:%u", text(FIRST_SERVICE + service), SERVICE_PORT);
        printf("-A -t %s -s rr\n", key);
        for (uint32_t i = 0; i < destinations; i++) {
            printf("-a -t %s -r %s:%u -m -w 1\n", key, text(FIRST_DESTINATION + service * destinations + i),
                   DESTINATION_PORT);
        }
    }
}

// ---- reading -----------------------------------------------------------------------------------------------------

// Reads a listing to its end and returns how many entries it had. Two datagrams are taken at a time: the kernel sends
// the end of a listing in one of its own.
static uint32_t read_listing(int netlink) {
    static char buffers[2][1 << 16] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct iovec vectors[] = {{buffers[0], sizeof buffers[0]}, {buffers[1], sizeof buffers[1]}};
    struct mmsghdr headers[] = {{.msg_hdr = {.msg_iov = &vectors[0], .msg_iovlen = 1}},
                                {.msg_hdr = {.msg_iov = &vectors[1], .msg_iovlen = 1}}};
    uint32_t entries = 0;
    while (true) {
        int count = recvmmsg(netlink, headers, 2, MSG_WAITFORONE, NULL);
        if (count < 0) {
            fail("recvmmsg");
        }
        for (int i = 0; i < count; i++) {
            unsigned int left = headers[i].msg_len;
            for (const struct nlmsghdr *answer = (const struct nlmsghdr *)buffers[i]; NLMSG_OK(answer, left);
                 answer = NLMSG_NEXT(answer, left)) {
                if (answer->nlmsg_type == NLMSG_DONE || answer->nlmsg_type == NLMSG_ERROR) {
                    return entries;
                }
                entries++;
            }
        }
    }
}

static uint32_t list(int netlink, struct writer *out) {
    out->message->nlmsg_flags |= NLM_F_DUMP;
    if (send(netlink, out->message, out->message->nlmsg_len, 0) < 0) {
        fail("send");
    }
    return read_listing(netlink);
}

static uint32_t read_all(int netlink, uint16_t family, uint32_t services) {
    char buffer[256] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct writer out;
    begin(&out, buffer, family, 0, IPVS_CMD_GET_SERVICE, IPVS_GENL_VERSION);
    uint32_t entries = list(netlink, &out);
    for (uint32_t service = 0; service < services; service++) {
        begin(&out, buffer, family, service, IPVS_CMD_GET_DEST, IPVS_GENL_VERSION);
        struct nlattr *nest = begin_nested(&out, IPVS_CMD_ATTR_SERVICE);
        put_service_key(&out, service);
        end_nested(&out, nest);
        entries += list(netlink, &out);
    }
    return entries;
}

// ---- one change --------------------------------------------------------------------------------------------------

static int compare(const void *one, const void *other) {
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

// Returns the median of the milliseconds, encoding included.
static double change_many(int netlink, uint16_t family, uint32_t services, uint32_t destinations, uint32_t *refusals) {
    char buffer[256] __attribute__((aligned(NLMSG_ALIGNTO)));
    double times[CHANGES];
    for (uint32_t i = 0; i < CHANGES_AHEAD + CHANGES; i++) {
        uint32_t service = (uint64_t)i * STRIDE % services;
        struct writer out;
        double start = milliseconds();
        begin(&out, buffer, family, i, IPVS_CMD_SET_DEST, IPVS_GENL_VERSION);
        put_destination(&out, service, service * destinations, 2 + i);
        out.message->nlmsg_flags |= NLM_F_ACK;
        if (send(netlink, buffer, out.message->nlmsg_len, 0) < 0) {
            fail("send");
        }
        *refusals += await(netlink, i);
        times[i % CHANGES] = milliseconds() - start;
    }
    qsort(times, CHANGES, sizeof *times, compare);
    return times[CHANGES / 2];
}

// ---- commands ----------------------------------------------------------------------------------------------------

int main(int count, char **arguments) {
    const char *command = count == 4 ? arguments[1] : "";
    uint32_t services = count == 4 ? strtoul(arguments[2], NULL, 10) : 0;
    uint32_t destinations = count == 4 ? strtoul(arguments[3], NULL, 10) : 0;
    bool batch = !strcmp(command, "batch"), reading = !strcmp(command, "read"), change = !strcmp(command, "change");
    if (services && !strcmp(command, "script")) {
        print_script(services, destinations);
        return 0;
    }
    if (!services || (!batch && !reading && !change && strcmp(command, "single"))) {
        fprintf(stderr, "usage: ipvs-load batch|single|script|read|change SERVICES DESTINATIONS\n");
        return 2;
    }
    int netlink = open_socket();
    uint16_t family = find_family(netlink);
    uint32_t operations = services * (1 + destinations), errors = 0;
    double start = milliseconds(), taken;
    if (reading) {
        uint32_t entries = read_all(netlink, family, services);
        taken = milliseconds() - start;
        errors = entries > operations ? entries - operations : operations - entries;
    } else if (change) {
        operations = 1;
        taken = change_many(netlink, family, services, destinations, &errors);
    } else {
        struct table table = encode(family, services, destinations);
        start = milliseconds();
        errors = send_all(netlink, table, batch ? PER_DATAGRAM : 1);
        taken = milliseconds() - start;
    }
    printf("{\"services\": %" PRIu32 ", \"destinations\": %" PRIu32 ", \"%s\": {\"operations\": %" PRIu32
           ", \"milliseconds\": %.3f, \"errors\": %" PRIu32 "}}\n",
           services, destinations, reading ? "snapshot" : change ? "change" : "load", operations, taken, errors);
    return 0;
}
